/**
 * Comments of the fixtures say what the analysis finds in them under the wazero profile: `;; expect: <export> <rule>`
 * or `none`, `;; expect-module: <rule>`, `;; conflict: <a> <b>`, `;; no-conflict: <a> <b>`. Expectations of an export
 * are complete: nothing else may be found.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { conflictOf } from './queries.ts';

const COMMENT = /^;; (expect|expect-module|conflict|no-conflict): (.+)$/gm;

for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.wat'))) {
  describe(file, () => {
    const source = readFileSync(join(FIXTURES, file), 'utf8');
    const comments = [...source.matchAll(COMMENT)].map(([, kind, text]) => ({ kind, words: text.trim().split(/\s+/) }));
    const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, file.replace(/wat$/, 'wasm')))));
    const analysis = analyse(module, { host: 'wazero', model: 'auto' });
    const position = (name: string): number => {
      const found = analysis.exports.findIndex((e) => e.name === name);
      assert.notEqual(found, -1, `no export ${name}`);
      return found;
    };

    test('is read whole', () => {
      assert.deepEqual([...module.errors, ...analysis.errors], []);
      assert.ok(comments.length > 0);
    });

    test('each export has the findings that its comments list, and no others', () => {
      const expected = new Map<string, Set<string>>();
      for (const { kind, words } of comments) {
        if (kind !== 'expect') continue;
        const [name, rule] = words;
        const rules = expected.get(name) ?? new Set();
        if (rule !== 'none') rules.add(rule);
        expected.set(name, rules);
      }
      for (const [name, rules] of expected) {
        const found = new Set<string>(analysis.exports[position(name)].hazards.map((h) => h.rule));
        assert.deepEqual([...found].sort(), [...rules].sort(), `export ${name}`);
      }
    });

    test('the module has the findings that its comments list, and no others', () => {
      const expected = comments.filter((c) => c.kind === 'expect-module').map((c) => c.words[0]);
      assert.deepEqual(analysis.moduleHazards.map((h) => h.rule).sort(), expected.sort());
    });

    test('exports conflict where the comments say so, and not where they deny it', () => {
      for (const { kind, words } of comments) {
        if (!kind.endsWith('conflict')) continue;
        const conflict = conflictOf(analysis, position(words[0]), position(words[1]), 1);
        assert.equal(
          conflict !== undefined,
          kind === 'conflict',
          `${words.join(' and ')}: ${JSON.stringify(conflict)}`,
        );
      }
    });
  });
}
