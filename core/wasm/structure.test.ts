/** Our own reader and `@webassemblyjs/wasm-parser` agree on every module that both can read. */

import { strict as assert } from 'node:assert';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../testing/paths.ts';
import { random } from '../testing/random.ts';
import { decodeModule } from './decode.ts';
import { difference } from './structure.ts';
import { readSlim, type SlimStructure } from './webassemblyjs.ts';

/** Both readings; fails the test if the parser gives up. */
function both(bytes: Uint8Array): [ReturnType<typeof decodeModule>, SlimStructure] {
  const own = decodeModule(bytes);
  assert.deepEqual(own.errors, []);
  const slim = readSlim(bytes, own.sections);
  if ('reason' in slim) assert.fail(slim.reason);
  return [own, slim];
}

/**
 * A random module of features that both readers know: numbers, function types, funcref and externref, one memory,
 * threads.
 */
function randomModule(seed: number): string {
  const next = random(seed);
  const pick = <T>(items: readonly T[]): T => items[next(items.length)];
  const many = (most: number, make: (i: number) => string): string =>
    Array.from({ length: next(most + 1) }, (_, i) => make(i)).join('\n');
  const value = () => pick(['i32', 'i64', 'f32', 'f64', 'i32']);
  const types = 1 + next(5);
  const type = Array.from(
    { length: types },
    (_, i) => `(type $t${i} (func (param ${many(4, value)}) (result ${many(3, value)})))`,
  ).join('\n');
  const limits = () => pick(['1', '0', '1 1', '2 65536', '7 300']);
  const name = () => pick(['', 'a', 'memory', 'ünï €', 'x'.repeat(200)]);
  let unique = 0;
  const fresh = () => `"${name()}${unique++}"`;
  let functions = 0;
  let globals = 0;
  let tables = 0;
  const imports = many(6, () => {
    const kind = next(3);
    if (kind === 0) {
      functions++;
      return `(import "${name()}" ${fresh()} (func (type $t${next(types)})))`;
    }
    if (kind === 1) {
      globals++;
      return `(import "${name()}" ${fresh()} (global ${pick(['i32', '(mut i64)', 'f32', '(mut f64)'])}))`;
    }
    tables++;
    return `(import "${name()}" ${fresh()} (table ${limits()} ${pick(['funcref', 'externref'])}))`;
  });
  const memory = pick([
    '',
    `(memory ${limits()})`,
    `(import "m" "m" (memory ${limits()}))`,
    '(memory 1 2 shared)',
    '(import "m" "m" (memory 1 9 shared))',
  ]);
  const own = many(6, () => {
    functions++;
    return `(func (type $t${next(types)}) unreachable)`;
  });
  const ownGlobals = many(4, () => {
    globals++;
    return pick([
      '(global i32 (i32.const -1))',
      '(global (mut i64) (i64.const 0x7fffffffffffffff))',
      '(global f32 (f32.const nan:0x200000))',
      '(global (mut f64) (f64.const -0x1p-1074))',
    ]);
  });
  const ownTables = many(2, () => {
    tables++;
    return `(table ${limits()} funcref)`;
  });
  const exports = [
    ...Array.from({ length: functions }, (_, i) => (next(2) ? `(export ${fresh()} (func ${i}))` : '')),
    ...Array.from({ length: globals }, (_, i) => (next(3) ? '' : `(export ${fresh()} (global ${i}))`)),
    ...Array.from({ length: tables }, (_, i) => (next(3) ? '' : `(export ${fresh()} (table ${i}))`)),
    memory !== '' && next(2) ? `(export ${fresh()} (memory 0))` : '',
  ].join('\n');
  const start = '(func $start) (start $start)';
  return `(module ${type} ${imports} ${memory.startsWith('(import') ? memory : ''} ${ownTables} ${memory.startsWith('(import') ? '' : memory} ${ownGlobals} ${own} ${exports} ${next(3) === 0 ? start : ''})`;
}

describe('both readers of structure agree', () => {
  for (const file of globSync('*.wasm', { cwd: FIXTURES }).sort()) {
    test(basename(file), () => {
      const [own, slim] = both(new Uint8Array(readFileSync(join(FIXTURES, file))));
      assert.equal(difference(own, slim), undefined);
      assert.equal(own.structureFrom, 'webassemblyjs');
    });
  }

  test('on generated modules', async () => {
    const read = { modules: 0, imports: 0, exports: 0, globals: 0, tables: 0, shared: 0 };
    const reasons = new Set<string>();
    for (let seed = 0; seed < 400; seed++) {
      const text = randomModule(seed);
      const bytes = await parse(text);
      const own = decodeModule(bytes);
      assert.deepEqual(own.errors, [], text);
      const slim = readSlim(bytes, own.sections);
      if ('reason' in slim) {
        reasons.add(slim.reason.replace(/\d+/, 'N'));
        continue;
      }
      assert.equal(difference(own, slim), undefined, `seed ${seed}:\n${text}`);
      read.modules++;
      read.imports += own.imports.length;
      read.exports += own.exports.length;
      read.globals += own.globals.length;
      read.tables += own.tables.length;
      read.shared += own.memories.filter((m) => m.limits.shared).length;
    }
    for (const [what, count] of Object.entries(read)) assert.ok(count > 50, `${count} ${what}`);
    // The parser ignores imports when it looks up exports.
    assert.deepEqual([...reasons].sort(), ['unknown table N']);
    assert.ok(read.modules > 250, `${read.modules} modules`);
  });

  test('our reading is used alone where the parser fails', async () => {
    for (const text of [
      '(module (memory i64 1))',
      '(module (type (struct)))',
      '(module (tag (export "t")))',
      '(module (memory (export "💥") 1))',
    ]) {
      const own = decodeModule(await parse(text));
      assert.deepEqual(own.errors, [], text);
      assert.equal(own.structureFrom, 'own', text);
    }
  });
});

describe('a difference is noticed', () => {
  const TEXT = `(module (type (func (param i32) (result i64))) (import "a" "f" (func (type 0))) (table 1 2 funcref) (memory 3 4)
    (global (mut i32) (i32.const 1)) (func $s) (export "e" (func 0)) (start $s))`;

  const CHANGES: Readonly<Record<string, (slim: SlimStructure) => void>> = {
    'types: 2 and 1': (s) => s.types.pop(),
    'exports: 1 and 0': (s) => s.exports.pop(),
    'type 0': (s) => s.types[0].params.pop(),
    'import 0': (s) => (s.imports[0].name = 'g'),
    'function 1': (s) => (s.functions[1] = s.functions[0]),
    'table 0': (s) => (s.tables[0].max = undefined),
    'memory 0': (s) => (s.memories[0].shared = true),
    'global 0': (s) => (s.globals[0].mutable = false),
    'export 0': (s) => (s.exports[0].index = 1),
    'start function': (s) => (s.start = 0),
  };
  for (const [expected, change] of Object.entries(CHANGES)) {
    test(expected, async () => {
      const [own, slim] = both(await parse(TEXT));
      assert.equal(difference(own, slim), undefined);
      const changed = structuredClone(slim);
      change(changed);
      assert.equal(difference(own, changed), expected);
    });
  }
});
