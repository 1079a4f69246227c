import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SHARING_MODELS } from '../../hosts/profile.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { analyse } from '../analyse.ts';
import { type AccessKind, type Address, type CellKind, cellOf } from '../cells.ts';
import { accessRule, isRuleId, pageOf, RULE_IDS, RULES } from './index.ts';
import { SEVERITIES } from './rule.ts';

const CELLS: Readonly<Record<CellKind, readonly Address['base'][]>> = {
  memory: ['static', 'stack', 'parameter', 'unknown'],
  'memory.grow': [],
  global: [],
  'stack-pointer': [],
  heap: [],
  table: ['static', 'parameter', 'unknown'],
  'table.grow': [],
  segment: [],
  host: [],
  'host-unknown': [],
  'ref.func': [],
  anything: [],
};
const ACCESSES: readonly AccessKind[] = ['read', 'write', 'atomic-read', 'atomic-write'];

function addressOf(base: Address['base'] | undefined): Address | undefined {
  switch (base) {
    case 'static':
    case 'contents':
      return { base, start: 0, end: 4 };
    case 'parameter':
      return { base, parameter: 0 };
    default:
      return base && { base };
  }
}

describe('rules', () => {
  it('match an access each, and no access matches two', () => {
    const taken = new Set<string>();
    for (const [kind, bases] of Object.entries(CELLS) as [CellKind, readonly Address['base'][]][]) {
      for (const base of bases.length > 0 ? bases : [undefined]) {
        for (const access of ACCESSES) {
          for (const meetsAtomics of kind === 'memory' && base === 'static' ? [false, true] : [false]) {
            const effect = { cell: cellOf(kind, { index: 0, address: addressOf(base) }), access };
            const found = RULE_IDS.filter((id) => accessRule(id)?.matches(effect, { meetsAtomics }));
            assert.ok(found.length <= 1, `${kind} ${base} ${access}: ${found.join(', ')}`);
            for (const id of found) taken.add(id);
          }
        }
      }
    }
    assert.deepEqual(
      RULE_IDS.filter((id) => accessRule(id) !== undefined && !taken.has(id)),
      [],
    );
  });

  it('find something only under the models that they name, where hosts keep imports apart', () => {
    const found = new Set<string>();
    for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.wasm'))) {
      const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, name))));
      for (const model of SHARING_MODELS) {
        const { exports, moduleHazards } = analyse(module, { host: 'wasmtime', model });
        for (const { rule } of [...exports.flatMap(({ hazards }) => hazards), ...moduleHazards]) {
          assert.ok(RULES[rule].models.includes(model), `${name}: ${rule} under ${model}`);
          found.add(rule);
        }
      }
    }
    assert.deepEqual(
      RULE_IDS.filter((id) => !found.has(id)),
      // Does not apply to this host.
      ['ref-func'],
    );
  });

  it('are all in the table', () => {
    const files = readdirSync(import.meta.dirname).map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
    const written = files.flatMap((text) => [
      ...text.matchAll(/^export const \w+: (?:Access|Module)Rule = \{\n {2}id: '([\w-]+)',$/gm),
    ]);
    assert.deepEqual(written.map(([, id]) => id).sort(), [...RULE_IDS].sort());
  });

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

  it('are sorted worst first, and none is off by default', () => {
    const severities = RULE_IDS.map((id) => SEVERITIES.indexOf(RULES[id].defaultSeverity));
    assert.deepEqual(severities, severities.toSorted());
    assert.ok(RULE_IDS.every((id) => RULES[id].defaultSeverity !== 'off'));
  });

  it('are errors only where the default host breaks its sandbox or crashes', () => {
    const errors = RULE_IDS.filter((id) => RULES[id].defaultSeverity === 'error');
    assert.deepEqual(errors, ['memory-grow', 'segment-drop']);
  });
});
