import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../testing/paths.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { exportBehaviours } from './behaviours.ts';
import type { Analysis } from './model.ts';
import { pairConfidence } from './pairConfidence.ts';

const HOSTS = [
  { host: 'wazero', model: 'shared-instance' },
  { host: 'wasi-threads', model: 'shared-memory' },
  { host: 'javascript', model: 'cooperative' },
] as const;

/** Every pair of groups has what its behaviours say, and no two behaviours are the same. */
function check(analysis: Analysis, what: string): number {
  const pairs = pairConfidence(analysis);
  const { all, left } = exportBehaviours(analysis);
  assert.deepEqual(left, [], what);
  assert.deepEqual(
    all.flatMap(({ groups }) => groups).sort((a, b) => a - b),
    analysis.groups.map((_, group) => group),
    what,
  );
  for (const one of all)
    for (const [b, other] of all.entries()) {
      const said = one.conflicts.get(b);
      for (const left of one.groups)
        for (const right of other.groups) {
          assert.equal(pairs.of(left, right), said?.confidence, what);
          if (said !== undefined) assert.equal(pairs.always(left, right), !said.conditional, what);
        }
    }
  const rows = all.map(({ conflicts, groups }) => {
    const { class: own } = analysis.exports[analysis.groups[groups[0]].exports[0]];
    for (const group of groups)
      for (const position of analysis.groups[group].exports) assert.equal(analysis.exports[position].class, own);
    return JSON.stringify([own, [...conflicts].sort(([a], [b]) => a - b)]);
  });
  assert.equal(new Set(rows).size, rows.length, what);
  return all.length;
}

describe('behaviours say the same as pairs', () => {
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.wasm')))
    test(name, () => {
      const module = decodeModule(new Uint8Array(readFileSync(join(FIXTURES, name))));
      for (const options of HOSTS) check(analyse(module, options), `${name} on ${options.host}`);
    });
});

/** `count` exports, each with a global of its own. */
const separate = async (count: number): Promise<Analysis> => {
  const functions = Array.from(
    { length: count },
    (_, i) => `(global $g${i} (mut i32) (i32.const 0)) (func (export "f${i}") (global.set $g${i} (i32.const 1)))`,
  );
  return analyse(decodeModule(await parse(`(module ${functions.join('\n')})`)), { host: 'wazero', model: 'auto' });
};

test('exports that conflict with nothing but themselves stay apart, and are compared with few others', async () => {
  const analysis = await separate(200);
  const { all, left } = exportBehaviours(analysis, 20_000);
  assert.equal(left.length, 0);
  assert.equal(all.length, 200);
  for (const [own, { conflicts }] of all.entries())
    assert.deepEqual([...conflicts], [[own, { confidence: 'definite', conditional: false }]]);
});

test('what a budget does not reach is left, and what was compared is right', async () => {
  const analysis = await separate(100);
  const { all, left } = exportBehaviours(analysis, 400);
  assert.ok(all.length > 0 && left.length > 0);
  assert.equal(all.length + left.length, 100);
  assert.ok(all.every(({ conflicts }, own) => conflicts.size === 1 && conflicts.has(own)));
});

test('exports that share all they touch are one behaviour', async () => {
  const text = `(module (global $g (mut i32) (i32.const 0)) (global $h (mut i32) (i32.const 0))
    (func (export "a") (global.set $g (i32.const 1)))
    (func (export "b") (global.set $g (i32.const 2)))
    (func (export "c") (result i32) (global.get $g))
    (func (export "d") (global.set $h (i32.const 1)))
    (func (export "e") (result i32) (i32.const 1)))`;
  const analysis = analyse(decodeModule(await parse(text)), { host: 'wazero', model: 'auto' });
  assert.equal(check(analysis, 'shared'), 4);
});
