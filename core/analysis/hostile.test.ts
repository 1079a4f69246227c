/**
 * The hardest modules that engines accept: the analysis ends, what it keeps grows with the code and no faster, and what
 * the export reaches at the end of all calls is not lost.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { v8Accepts } from '../testing/v8.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import { isWrite } from './cells.ts';
import type { Analysis } from './model.ts';
import { conflictOf, effectsOf } from './queries.ts';
import {
  branches,
  chain,
  chainOfResults,
  component,
  componentOfResults,
  deepOperands,
  doubling,
  expressions,
  fan,
  indirect,
  locals,
  nested,
  permutations,
  pointers,
  products,
} from './testing/hostileModules.ts';

const RUN = 0;
const OTHER = 1;
/** More effects than these are never told apart, whatever a module has; see finalEffects.ts. */
const MOST_EFFECTS = 2048;
/** Facts of a function for each byte of its code, at most. */
const FACTS_PER_BYTE = 1;

/** Analyses a module within processor time of this thread that only disproportionate work exceeds. */
function analysed(bytes: Uint8Array, milliseconds: number): Analysis {
  assert.ok(v8Accepts(bytes), 'V8 refuses it');
  const started = process.threadCpuUsage();
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const { user, system } = process.threadCpuUsage(started);
  const took = (user + system) / 1000;
  assert.ok(took < milliseconds, `took ${Math.round(took)} ms`);
  assert.deepEqual([...module.errors, ...analysis.errors], []);
  assert.deepEqual(analysis.unknownFunctions, []);
  assert.ok(analysis.effects.length <= MOST_EFFECTS, `${analysis.effects.length} effects`);
  const facts = analysis.facts.effect.length;
  assert.ok(facts <= FACTS_PER_BYTE * bytes.length + MOST_EFFECTS, `${facts} facts of ${bytes.length} bytes`);
  // What was too much is said, and at unknown addresses.
  assert.match(analysis.partial ?? 'The step limit', /^The step limit/);
  return analysis;
}

/** What `run` reaches stands, and the way there is shown. */
function isWhole(analysis: Analysis): void {
  const { func, hazards, class: kind } = analysis.exports[RUN];
  const reached = effectsOf(analysis, func).map((id) => analysis.effects[id]);
  assert.ok(
    reached.some((effect) => effect.cell.kind === 'memory' && isWrite(effect)),
    'no write of memory',
  );
  assert.equal(kind, 'stateful');
  for (const other of [RUN, OTHER])
    assert.ok(conflictOf(analysis, RUN, other, 4) !== undefined, `no conflict with ${other}`);
  const written = hazards.find(({ rule }) => rule === 'global-write');
  assert.ok(written, 'the write of the global is no finding');
  assert.equal(written.path[0], func);
  assert.equal(written.path.length, written.callSites.length + 1);
}

const MODULES: readonly [what: string, make: () => Uint8Array, milliseconds?: number][] = [
  ['100,000 calls in each other, with a pointer that moves', () => chain(100_000)],
  ['100,000 calls in each other, with results that move', () => chainOfResults(100_000)],
  ['100,000 functions that all reach each other, with pointers that move', () => component(100_000), 40_000],
  ['100,000 functions that all reach each other, with results that move', () => componentOfResults(100_000), 40_000],
  ['2^1,000 different pointers', () => doubling(1000)],
  ['functions of 1,000 parameters in every order', () => permutations(200, 1000)],
  ['2,000 callers of 2,000 accesses, with pointers of their own', () => products(2000, 2000)],
  ['a table of 1,000,000 slots, called from 5,000 places', () => indirect(1_000_000, 1000, 5000)],
  [
    'a table of 1,000,000 slots with 100,000 functions that call through it',
    () => indirect(1_000_000, 100_000, 5000),
    40_000,
  ],
  ['blocks and loops nested 100,000 deep, with pointers that move', () => nested(100_000)],
  ['49,999 locals that a loop sets', () => locals(49_999)],
  ['a pointer loaded through 100,000 pointers', () => pointers(100_000)],
  ['values that double 20,000 times', () => expressions(40_000)],
  ['50,000 operands, and 50,000 calls of calls', () => deepOperands(50_000)],
  ['one function that calls 100,000 others', () => fan(100_000)],
  ['100,000 ways out of a block', () => branches(100_000)],
];

describe('the analysis ends, and loses nothing, with', () => {
  for (const [what, make, milliseconds = 5000] of MODULES)
    test(what, () => {
      isWhole(analysed(make(), milliseconds));
    });
});

test('the deadline leaves a part, and says which', () => {
  const module = decodeModule(component(10_000));
  let asked = 0;
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance', deadline: () => ++asked > 10 });
  assert.match(analysis.partial ?? '', /^The time limit was reached before 7\d+ of 10002 functions were read/);
  assert.ok(analysis.unknownFunctions.length > 7000);
  // What was not read may do anything.
  assert.ok(conflictOf(analysis, RUN, OTHER, 4) !== undefined);
});

test('memory has a limit, too, which is said', () => {
  const { partial } = analysed(component(100_000), 40_000);
  assert.match(partial ?? '', /^The step limit was reached before the pointers of 1\d{5} of 100002 functions/);
});

test('the step limit leaves addresses unknown, says so, and loses no conflict', () => {
  for (const make of [() => component(2000), () => chain(2000), () => indirect(1000, 100, 200)]) {
    const module = decodeModule(make());
    const options = { host: 'wazero', model: 'shared-instance' } as const;
    const whole = analyse(module, options);
    assert.equal(whole.partial, undefined);
    for (const steps of [0, 10, 1000]) {
      const cut = analyse(module, { ...options, steps });
      assert.match(
        cut.partial ?? '',
        /^The step limit was reached before the pointers of \d+ of \d+ functions were followed/,
      );
      for (const a of [RUN, OTHER])
        for (const b of [RUN, OTHER])
          if (conflictOf(whole, a, b, 1) !== undefined)
            assert.ok(conflictOf(cut, a, b, 1) !== undefined, `${a} and ${b}`);
      const reached = effectsOf(cut, cut.exports[RUN].func).map((id) => cut.effects[id]);
      assert.ok(reached.some((effect) => effect.cell.address?.base === 'unknown' && isWrite(effect)));
    }
  }
});
