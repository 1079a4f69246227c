/** Exploration with store buffers shows what x86-TSO allows, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { random } from '../../testing/random.ts';
import { completeScenario } from '../scenario/scenario.ts';
import { caseSource } from '../testing/caseFiles.ts';
import { contextFor } from '../testing/contexts.ts';
import {
  type Cells,
  type Litmus,
  litmus,
  litmusModule,
  litmusOutcomes,
  litmusText,
  randomLitmus,
} from '../testing/litmus.ts';
import { explored, failure, type RunMore, stable } from '../testing/run.ts';
import type { StressResult } from './result.ts';
import { serialOutcomes } from './serialOutcomes.ts';
import { BufferedExplorer } from './storeBuffering.ts';

interface Shown {
  /** Results of the callers and of the probe, separated by commas. */
  outcomes: Set<string>;
  schedules: number;
}

/** The outcomes that all executions with store buffers have, as `litmusOutcomes` writes them. */
const shown = async (threads: Litmus, where: Cells): Promise<Shown> =>
  shownBy(
    await parse(litmusModule(threads, where)),
    threads.map((_, i) => `t${i}`),
    'shared-instance',
    [['cells']],
  );

async function shownBy(
  bytes: Uint8Array,
  calls: readonly string[],
  model: 'shared-instance' | 'shared-memory',
  probe: [string][] = [],
): Promise<Shown> {
  const scenario = completeScenario({ model, callers: calls.map((name) => [[name]]), probe }, 'wazero');
  const context = await contextFor(bytes, scenario);
  const { session } = context;
  const serial = await serialOutcomes(session, context.stopped);
  session.ranges.fixSplits(session.machine.memories);
  const explorer = new BufferedExplorer(context, { serial, seen: new Set(), schedules: 0, wrong: [] });
  assert.equal(await explorer.all(), true);
  const { seen, schedules } = explorer.result;
  const outcomes = new Set(
    [...seen].map((key) => {
      const [results, probe] = key.split('#');
      return `${results.replaceAll('|', ',')},${probe}`;
    }),
  );
  return { outcomes, schedules };
}

const same = async (threads: Litmus, where: Cells): Promise<number> => {
  const { outcomes, schedules } = await shown(threads, where);
  assert.deepEqual([...outcomes].sort(), [...litmusOutcomes(threads, true)].sort(), `${litmusText(threads)}, ${where}`);
  return schedules;
};

test('the classic shapes', async () => {
  for (const [name, text, allowed] of CLASSIC) {
    const threads = litmus(text);
    const weak = litmusOutcomes(threads, true);
    assert.equal(weak.size > litmusOutcomes(threads, false).size, allowed, name);
    for (const where of ['apart', 'together'] as const) await same(threads, where);
  }
});

/** Name, program, and whether store buffers allow an outcome of it that interleaving does not. */
const CLASSIC: readonly [string, string, boolean][] = [
  ['SB', 'x=1 y | y=1 x', true],
  ['SB with fences', 'x=1 fence y | y=1 fence x', false],
  ['SB with one fence', 'x=1 fence y | y=1 x', true],
  ['SB with atomic stores', 'x.a=1 y | y.a=1 x', false],
  ['SB with atomic loads', 'x=1 y.a | y=1 x.a', true],
  ['SB with additions', 'x=1 z+=1 y | y=1 z+=1 x', false],
  ['SB with forwarding', 'x=1 x y | y=1 y x', true],
  ['MP', 'x=1 y=1 | y x', false],
  ['LB', 'x y=1 | y x=1', false],
  ['2+2W', 'x=1 y=2 | y=1 x=2', false],
  ['S', 'x=2 y=1 | y x=1', false],
  ['R', 'x=1 y=1 | y=2 x', true],
  ['IRIW', 'x=1 | y=1 | x y | y x', false],
  ['WRC', 'x=1 | x y=1 | y x', false],
  ['three threads around', 'x=1 y | y=1 z | z=1 x', true],
];

test('random programs', async () => {
  const next = random(20_261_130);
  for (let n = 0; n < 120; n++) await same(randomLitmus(next, 2, 4, 2), n % 2 === 0 ? 'apart' : 'together');
  for (let n = 0; n < 60; n++) await same(randomLitmus(next, 3, 2, 3), 'apart');
});

test('globals of one instance', async () => {
  const plain = CLASSIC.filter(([, text]) => !/fence|\.a|\+=/.test(text));
  for (const [, text] of plain) await same(litmus(text), 'globals');
});

type Calls = [string, string];

/** The result of two callers of a case, with an instance each over one memory. */
const ofCase = (name: string, [a, b]: Calls, more: RunMore = {}): Promise<StressResult> =>
  explored(caseSource(`buffers/${name}.wat`), { model: 'shared-memory', callers: [[[a]], [[b]]] }, more);

const resultsOf = ({ storeBuffers }: StressResult): string[] =>
  (storeBuffers?.wrong ?? []).map(({ results }) => results.join());

test("Peterson's and Dekker's locks let both in, only with store buffers", async () => {
  for (const name of ['peterson', 'peterson-loads', 'dekker']) {
    const result = await ofCase(name, ['a', 'b']);
    const { verdict, wrongOutcome, defects, storeBuffers } = result;
    assert.deepEqual({ verdict, wrongOutcome, defects }, { verdict: 'race', wrongOutcome: false, defects: [] }, name);
    assert.ok(resultsOf(result).includes('0,0'), name);
    assert.ok(storeBuffers?.trace.some(({ buffer }) => buffer === 'reaches'));
  }
});

test('a fence repairs it', async () => {
  const { verdict, exhaustive, storeBuffers } = await ofCase('peterson-fence', ['a', 'b']);
  assert.deepEqual([verdict, exhaustive], ['race', true]);
  assert.deepEqual([storeBuffers?.exhaustive, storeBuffers?.wrong, storeBuffers?.hang], [true, [], null]);
});

test('a waiter that nobody notifies', async () => {
  const { verdict, hang, storeBuffers } = await ofCase('lost-wakeup', ['take', 'give']);
  assert.deepEqual([verdict, hang, storeBuffers?.hang?.kind], ['race', null, 'deadlock']);
  const schedule = storeBuffers?.schedule ?? '';
  const again = await ofCase('lost-wakeup', ['take', 'give'], { schedule });
  assert.deepEqual([again.verdict, again.hang, again.storeBuffers?.hang?.kind], ['race', null, 'deadlock']);
});

test('ten replays of what was found show it, and ten runs are equal', async () => {
  const schedule = 'A6B6a6b6';
  for (let n = 0; n < 10; n++) {
    const again = await ofCase('peterson', ['a', 'b'], { schedule });
    assert.deepEqual(resultsOf(again), ['0,0']);
    assert.deepEqual([again.replayed, again.wrongOutcome, again.schedule], [true, false, schedule]);
  }
  const source = litmusModule(litmus('x=1 z y | y=1 x z=2'), 'apart');
  const run = async (): Promise<string> =>
    JSON.stringify(stable(await explored(source, { callers: [[['t0']], [['t1']]] })));
  const first = await run();
  for (let n = 1; n < 10; n++) assert.equal(await run(), first);
});

test('what is wrong without store buffers is no finding of theirs', async () => {
  const threads = litmus('x=1 y | y=1 x');
  const callers: [string][][] = threads.map((_, i) => [[`t${i}`]]);
  const result = await explored(litmusModule(threads, 'apart'), { callers });
  // Neither order of the calls lets both read 1, nor both 0.
  assert.deepEqual(
    result.outcomes.wrong.map(({ results }) => results.join()),
    ['11,11'],
  );
  assert.deepEqual(resultsOf(result), ['10,10']);
  assert.deepEqual([result.exhaustive, result.storeBuffers?.exhaustive], [true, true]);
});

test('only where callers are threads that share memory', async () => {
  const source = litmusModule(litmus('x=1 y | y=1 x'), 'apart');
  const callers: [string][][] = [[['t0']], [['t1']]];
  for (const model of ['isolated', 'cooperative'] as const) {
    const file = { host: 'javascript', model, callers } as const;
    assert.equal((await explored(source, file)).storeBuffers, undefined);
    assert.match((await failure(source, file, { schedule: 'A2B2a1b1' })).message, /no threads share memory/);
  }
});

test('nothing to add without races', async () => {
  const source = litmusModule(litmus('x.a=1 y.a | y.a=1 x.a'), 'apart');
  const { races, storeBuffers } = await explored(source, { callers: [[['t0']], [['t1']]] });
  assert.deepEqual([races, storeBuffers], [[], undefined]);
});

/** What two callers answer in all executions with store buffers. */
async function answers(calls: Calls): Promise<string[]> {
  const { outcomes } = await shownBy(await parse(caseSource('buffers/widths.wat')), calls, 'shared-memory');
  return [...outcomes].map((outcome) => outcome.slice(0, outcome.lastIndexOf(','))).sort();
}

test('loads of other widths', async () => {
  // Each finds its own byte in its buffer, and the other one not: it waits until its byte is in memory.
  assert.deepEqual(await answers(['part', 'high']), ['1,257', '257,256', '257,257']);
  // The store has all bytes of the load.
  assert.deepEqual(await answers(['whole', 'other']), ['1,0', '1,1']);
  assert.deepEqual(await answers(['mine', 'other']), ['0,0', '0,1', '1,0', '1,1']);
});
