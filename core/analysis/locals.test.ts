/**
 * Soundness of abstract addresses: random functions run in a real engine, and every address that they access is where
 * the analysis says. `LOCALS_SEED=7 LOCALS_MODULES=5000` tries other functions.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { binary, leb, section, vec } from '../testing/binary.ts';
import { type Random, random } from '../testing/random.ts';
import { v8Accepts } from '../testing/v8.ts';
import type { Address } from './cells.ts';
import type { Analysis } from './model.ts';
import { addressText, allEffects, analyseBytes, analyseWat } from './testing/facts.ts';
import { type Access, type RandomModule, randomModule } from './testing/randomBodies.ts';

/** The part of the engine that runs the modules; TypeScript declares it in its DOM library only. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, (...args: number[]) => void> };
  Global: new (type: { value: string; mutable: boolean }, value: number) => object;
  Exception: new (...args: never[]) => object;
}
const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

const SEED = Number(process.env.LOCALS_SEED ?? 1);
const MODULES = Number(process.env.LOCALS_MODULES ?? 300);
/** Loop iterations after which a run is ended. */
const TICKS = 200;
const BASE = 0x10_0000;
/** Farthest that sums in a run get from zero. */
const NULL_PAGE = 0x10000;
const STACK = 0x4000_0000;
/** Farthest that a sum in a run gets from its starting value. */
const REACH = 0x1000_0000;
const ARGUMENTS = [
  [0, 0],
  [1, 0],
  [0x1000, 3],
  [5, 0x2000],
  [0x2222_2200, 0x3333_3300],
];

/** Addresses in the memory of access `id`, as claimed for its one instruction: one of them. */
function claimsOf({ effects, facts }: Analysis, { func, write }: Access, id: number): Address[] {
  const functions = 3; // imported ones
  const claims: Address[] = [];
  for (let i = facts.start[functions + func]; i < facts.start[functions + func + 1]; i++) {
    const { cell, access } = effects[facts.effect[i]];
    if (cell.kind === 'memory' && cell.index === id && access === (write ? 'write' : 'read') && cell.address)
      claims.push(cell.address);
  }
  return claims;
}

interface Visit {
  id: number;
  address: number;
  args: readonly number[];
}

/** Runs every function of the module and returns each access it makes, in order. */
function visits(compiled: object, next: Random): Visit[] {
  const found: Visit[] = [];
  let ticks = 0;
  let args: readonly number[] = [];
  const sp = new engine.Global({ value: 'i32', mutable: true }, STACK);
  const see = (id: number, address: number) => found.push({ id, address: address >>> 0, args });
  const env = {
    tick: () => {
      if (++ticks > TICKS) throw new Error('enough');
    },
    store: see,
    load: (id: number, address: number) => {
      see(id, address);
      return next(3) === 0 ? 0 : next(256);
    },
    base: BASE,
    sp,
  };
  const { exports } = new engine.Instance(compiled, { env });
  for (const run of Object.values(exports)) {
    for (args of ARGUMENTS) {
      ticks = 0;
      try {
        run(...args);
      } catch (error) {
        if (!(error instanceof Error && error.message === 'enough') && !(error instanceof engine.Exception))
          throw error;
      }
    }
  }
  return found;
}

/** Why the visit contradicts the claim, if it does. */
function contradiction(claim: Address, access: Access, { address, args }: Visit): string | undefined {
  const start = address + access.offset;
  const end = start + access.width;
  // Beyond every memory: it traps.
  if (end > 2 ** 32) return undefined;
  switch (claim.base) {
    case 'static': {
      if (claim.loose) return undefined;
      const at = (claim.global === undefined ? 0 : BASE) + claim.start;
      const last = (claim.global === undefined ? 0 : BASE) + claim.end;
      if (start < at || end > last) return 'outside of the range';
      const { stride, width } = claim;
      if (stride === undefined || width === undefined) return undefined;
      return (start - at) % stride <= width - access.width ? undefined : 'between the steps';
    }
    case 'stack':
      return Math.abs(address - STACK) < REACH ? undefined : 'not near the stack';
    case 'parameter': {
      if (claim.start === undefined || claim.end === undefined) return undefined;
      const distance = (start - Math.imul(args[claim.parameter], claim.scale ?? 1)) | 0;
      return distance >= claim.start && distance + access.width <= claim.end ? undefined : `distance ${distance}`;
    }
    case 'fresh':
    case 'contents':
    case 'unknown':
      return undefined;
  }
}

interface Tally {
  accesses: number;
  visits: number;
  known: Record<Address['base'], number>;
}

async function check(
  { analysed, logged, accesses }: RandomModule,
  next: Random,
  tally: Tally,
): Promise<string | undefined> {
  const { analysis } = analyseBytes(await parse(analysed));
  const compiled = new engine.Module(await parse(logged));
  const claims = accesses.map((access, id) => claimsOf(analysis, access, id));
  tally.accesses += accesses.length;
  const seen = visits(compiled, next);
  tally.visits += seen.length;
  for (const id of new Set(seen.map((v) => v.id))) tally.known[claims[id][0]?.base ?? 'unknown']++;
  for (const visit of seen) {
    const { id, address, args } = visit;
    const wrong = claims[id].map((claim) => contradiction(claim, accesses[id], visit));
    // Zero among pointers is taken for the null pointer, which nobody follows.
    const near = Math.min(address, 2 ** 32 - address);
    const isNull =
      near < NULL_PAGE && claims[id].some((claim) => claim.base !== 'static' || claim.global !== undefined);
    if (wrong.includes(undefined) || isNull) continue;
    return `access ${id} of address ${address} with (${args}), claimed ${claims[id].map(addressText)}: ${wrong}`;
  }
  return undefined;
}

describe('addresses in random functions', () => {
  test(`lie where the analysis says (seed ${SEED}, ${MODULES} modules)`, async () => {
    const tally: Tally = {
      accesses: 0,
      visits: 0,
      known: { static: 0, stack: 0, parameter: 0, fresh: 0, contents: 0, unknown: 0 },
    };
    for (let index = 0; index < MODULES; index++) {
      const next = random(Math.imul(SEED, 0x9e3779b1) + index);
      const made = randomModule(next);
      const problem = await check(made, next, tally);
      if (problem !== undefined) assert.fail(`module ${index}, seed ${SEED}: ${problem}\n${made.analysed}`);
    }
    // Guards against a vacuous pass: accesses must have run, with claims of every kind.
    assert.ok(tally.visits > 50 * MODULES, JSON.stringify(tally));
    for (const base of ['static', 'stack', 'parameter', 'unknown'] as const)
      assert.ok(tally.known[base] > MODULES / 4, JSON.stringify(tally));
  });
});

describe('locals that loops set', () => {
  test('are forgotten when their indices are padded', () => {
    // (loop (i32.store (local.get 1) (i32.const 0)) (local.set 1 (i32.const 8)) (br_if 0 (local.get 0))), local 1 being 64 before
    const index = leb(1, 5);
    const code = [
      0x41,
      0xc0,
      0,
      0x21,
      1,
      0x03,
      0x40,
      0x20,
      1,
      0x41,
      0,
      0x36,
      2,
      0,
      0x41,
      8,
      0x21,
      ...index,
      0x20,
      0,
      0x0d,
      0,
      0x0b,
      0x0b,
    ];
    const body = [1, 1, 0x7f, ...code];
    const bytes = binary(
      section(1, vec([[0x60, 1, 0x7f, 0]])),
      section(3, vec([[0]])),
      section(5, vec([[0, 1]])),
      section(10, vec([[...leb(body.length), ...body]])),
    );
    assert.ok(v8Accepts(bytes));
    assert.deepEqual(allEffects(analyseBytes(bytes)), ['write memory[0] [8,68)/56']);
  });

  test('do not affect later functions', async () => {
    const text = `(module (memory 1)
      (func (param i32) (local i32) (loop (local.set 1 (i32.const 4)) (br_if 0 (local.get 0))))
      (func (param i32) (local i32) (local.set 1 (i32.const 8)) (loop (i32.store (local.get 1) (i32.const 0)) (br_if 0 (local.get 0)))))`;
    assert.deepEqual(allEffects(await analyseWat(text)), ['write memory[0] [8,12)']);
  });
});
