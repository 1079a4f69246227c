/** Watched modules behave like the originals, and tell each access where it is. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import type { Call } from '../../stress/scenario/steps.ts';
import { plainInstance } from '../../stress/testing/plainInstance.ts';
import { randomStateModule } from '../../stress/testing/randomModules.ts';
import { bigModule } from '../../testing/bigModule.ts';
import { assertGoldenText } from '../../testing/golden.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { random } from '../../testing/random.ts';
import { v8Refusal } from '../../testing/v8.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { ACCESS, Access, IMM, Imm, MNEMONIC, OP_COUNT, SIGNATURE, WIDTH } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { type WasmFunction, wasmEngine } from '../../wasm/webAssembly.ts';
import { sitesGo } from './sitesGo.ts';
import { type WatchedModule, watchedModule } from './watchedModule.ts';

/** All exported functions watched. */
function watched(module: Module): WatchedModule {
  const functions = module.exports.flatMap(({ kind, index }) => (kind === 'func' ? [index] : []));
  const made = watchedModule(module, analyse(module, { host: 'wazero', model: 'shared-instance' }), functions);
  if ('refusal' in made) assert.fail(made.refusal);
  return made;
}

/** `i32.store 0x40 4 write`: what a call tells. */
function touches(bytes: Uint8Array, call: (exports: Record<string, WasmFunction>) => void): string[] {
  const module = decodeModule(bytes);
  const { bytes: rewritten, sites, imports } = watched(module);
  const told: string[] = [];
  const touch = (number: number, from: bigint, count: bigint): void => {
    const { op, kind, index, how, offset, extent } = sites[number];
    const where = module.bytes[offset] === undefined ? 'nowhere' : MNEMONIC[op];
    told.push(`${where} ${kind} ${index} ${how} ${BigInt.asUintN(64, from)} ${count}${extent ? ' and extent' : ''}`);
  };
  const instance = new wasmEngine.Instance(new wasmEngine.Module(rewritten), { [imports]: { touch } });
  call(instance.exports as Record<string, WasmFunction>);
  return told;
}

/** Calls that trap are told in the same words. */
function answers(bytes: Uint8Array, calls: readonly Call[]): string[] {
  const instance = plainInstance(decodeModule(bytes));
  return [...calls.map((call) => instance.call(call)), Buffer.from(instance.bytes().subarray(0, 4096)).toString('hex')];
}

const IDS = Array.from({ length: OP_COUNT }, (_, id) => id).filter(
  (id) => MNEMONIC[id] !== undefined && ACCESS[id] >= Access.Load && ACCESS[id] <= Access.AtomicRmw,
);
const OPERANDS: Readonly<Record<string, string>> = {
  i: '(i32.const 7)',
  l: '(i64.const -7)',
  f: '(f32.const 1.5)',
  d: '(f64.const -2.25)',
  v: '(v128.const i64x2 7 -2)',
};

/** An export for each memory instruction, which takes the address. */
const everyInstruction = (address: 'i32' | 'i64'): string =>
  `(module (memory ${address === 'i64' ? 'i64 ' : ''}1) ${IDS.map((id) => {
    const [operands, results] = SIGNATURE[id].split('>');
    const values = [...operands].slice(1).map((letter) => OPERANDS[letter]);
    const lane = IMM[id] === Imm.MemargLane ? ' 1' : '';
    const code = `${MNEMONIC[id]} offset=${2 * WIDTH[id]}${lane}`;
    return `(func (export "${id}") (param ${address}) (local.get 0) ${values.join(' ')} ${code} ${results === '' ? '' : '(drop)'})`;
  }).join('\n')})`;

describe('every memory instruction', () => {
  for (const address of ['i32', 'i64'] as const)
    test(`tells its bytes, with ${address} addresses`, async () => {
      const bytes = await parse(everyInstruction(address));
      for (const id of IDS) {
        const [width, access] = [WIDTH[id], ACCESS[id]];
        const told = touches(bytes, (exports) => exports[id](address === 'i64' ? 64n : 64));
        const at = (how: string): string => `${MNEMONIC[id]} memory 0 ${how} ${64 + 2 * width} ${width}`;
        if (access === Access.Load) assert.deepEqual(told, [at('read')]);
        else if (access === Access.Store) assert.deepEqual(told, [at('write')]);
        else if (access === Access.AtomicLoad) assert.deepEqual(told, [at('load')]);
        else if (access === Access.AtomicStore) assert.deepEqual(told, [at('change')]);
        else assert.deepEqual(told, [at('change'), at('load')]);
      }
    });

  test('an address beyond 32 bits does not wrap, and an access that traps is not told', async () => {
    const bytes = await parse('(module (memory 1) (func (export "f") (drop (i32.load offset=8 (i32.const -4)))))');
    assert.deepEqual(
      touches(bytes, ({ f }) => assert.throws(() => f())),
      [],
    );
  });
});

test('all other accesses are told with what they touch', async () => {
  const source = `(module
    (memory 1 8) (table $t 4 16 funcref) (elem declare func $f) (elem $e func $f $f) (data $d "abcd")
    (global $g (mut i32) (i32.const 0)) (global $constant i32 (i32.const 1)) (global $unused (mut i32) (i32.const 0))
    (type $v (func))
    (func $f)
    (func (export "globals") (global.set $g (global.get $g)) (drop (global.get $constant)) (drop (global.get $unused)))
    (func (export "memory") (drop (memory.size)) (drop (memory.grow (i32.const 1))) (drop (memory.grow (i32.const 99)))
      (memory.fill (i32.const 16) (i32.const 1) (i32.const 4)) (memory.copy (i32.const 32) (i32.const 16) (i32.const 4))
      (memory.init $d (i32.const 48) (i32.const 1) (i32.const 2)) (data.drop $d))
    (func (export "table") (table.set $t (i32.const 1) (ref.func $f)) (drop (table.get $t (i32.const 1)))
      (call_indirect $t (type $v) (i32.const 1)) (drop (table.size $t)) (drop (table.grow $t (ref.null func) (i32.const 2)))
      (table.fill $t (i32.const 0) (ref.func $f) (i32.const 2)) (table.copy $t $t (i32.const 2) (i32.const 0) (i32.const 2))
      (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2)) (elem.drop $e))
    (func (export "fence") (atomic.fence)))`;
  const bytes = await parse(source);
  const told = ['globals', 'memory', 'table', 'fence'].flatMap((name) => [
    `${name}:`,
    ...touches(bytes, (exports) => exports[name]()).map((line) => `  ${line}`),
  ]);
  assertGoldenText(import.meta.dirname, 'touches', `${told.join('\n')}\n`);
  const module = decodeModule(bytes);
  assertGoldenText(
    import.meta.dirname,
    'sites',
    sitesGo(module, watched(module), 'all kinds.wat', 'shared-instance').text,
  );
});

test('a shared memory has no extent, and waiting is told', async () => {
  const bytes = await parse(`(module (memory 1 2 shared)
    (func (export "f") (drop (memory.grow (i32.const 1))) (drop (memory.size)) (i32.store (i32.const 0) (i32.const 0))
      (drop (memory.atomic.notify (i32.const 8) (i32.const 1))) (drop (memory.atomic.wait32 (i32.const 8) (i32.const 1) (i64.const 0)))))`);
  assert.deepEqual(
    touches(bytes, ({ f }) => f()),
    [
      'i32.store memory 0 write 0 4',
      'memory.atomic.notify memory 0 order 8 4',
      'memory.atomic.wait32 memory 0 wait 8 4',
    ],
  );
});

describe('watched modules behave like the originals', () => {
  test('calls of all modules with verdicts, in turn', async () => {
    for (const { module: name, setup, callersTwice, callers, probe } of WAZERO_SCENARIOS) {
      const bytes = await wazeroModule(name);
      const calls = [...setup, ...(callersTwice ?? callers ?? []).flat(), ...probe] as Call[];
      // What waits for somebody else would wait for ever.
      if (/futex|ring|transfer/.test(name)) continue;
      assert.deepEqual(answers(watched(decodeModule(bytes)).bytes, calls), answers(bytes, calls), name);
    }
  });

  test('random modules', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const bytes = await parse(randomStateModule(next));
      const module = decodeModule(bytes);
      const names = module.exports.filter(({ kind }) => kind === 'func').map(({ name, index }) => ({ name, index }));
      const calls = Array.from({ length: 12 }, (): Call => {
        const { name, index } = names[next(names.length)];
        const type = module.types[module.functions.typeIndex[index]].composite;
        const count = type.kind === 'func' ? type.params.length : 0;
        return [name, ...Array.from({ length: count }, () => next(8))];
      });
      assert.deepEqual(answers(watched(module).bytes, calls), answers(bytes, calls), `seed ${seed}`);
    }
  });

  test('all fixtures are valid', () => {
    for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.wasm'))) {
      const module = decodeModule(readFileSync(join(FIXTURES, file)));
      assert.equal(v8Refusal(watched(module).bytes), undefined, file);
    }
  });
});

test('a module with too many accesses is refused in a sentence', () => {
  const module = decodeModule(bigModule(30, 1000));
  const all = module.functions.typeIndex.length;
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const made = watchedModule(
    module,
    analysis,
    Array.from({ length: all }, (_, index) => index),
  );
  assert.deepEqual(made, {
    refusal: 'The calls reach 30,000 accesses; at most 20,000 can be watched one by one.',
  });
});
