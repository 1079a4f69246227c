import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRuleId, pageOf, RULE_IDS, RULES } from './index.ts';
import { SEVERITIES } from './rule.ts';

describe('rules', () => {
  it('are found under their own id and page', () => {
    for (const id of RULE_IDS) {
      assert.equal(RULES[id].id, id);
      assert.equal(pageOf(id), `docs/rules/${id}.md`);
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    }
    assert.ok(isRuleId('ref-func'));
    assert.ok(!isRuleId('constructor'));
  });

  it('have a title of a few words and a summary of one sentence', () => {
    assert.equal(new Set(RULE_IDS.map((id) => RULES[id].title)).size, RULE_IDS.length);
    for (const id of RULE_IDS) {
      const { title, summary } = RULES[id];
      assert.match(title, /^[A-Z].{4,44}[^.]$/, id);
      assert.match(summary, /^[A-Z].*[^.]\.$/, id);
      assert.doesNotMatch(summary, /\. /, id);
    }
  });

  it('stand worst first, none off by default', () => {
    const severities = RULE_IDS.map((id) => SEVERITIES.indexOf(RULES[id].defaultSeverity));
    assert.deepEqual(severities, severities.toSorted());
    assert.ok(RULE_IDS.every((id) => RULES[id].defaultSeverity !== 'off'));
  });

  it('are errors only where the default host breaks its sandbox or crashes', () => {
    const errors = RULE_IDS.filter((id) => RULES[id].defaultSeverity === 'error');
    assert.deepEqual(errors, ['memory-grow', 'segment-drop']);
  });
});
