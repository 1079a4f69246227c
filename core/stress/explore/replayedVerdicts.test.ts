/** Whatever a schedule was found to show, its replay shows: each finding under its own, and the headline under the one that a result shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { exploredCase } from '../testing/caseFiles.ts';
import { scenarioOf } from '../testing/oracle/compare.ts';
import { programOfSeed } from '../testing/oracle/generate.ts';
import { watOf } from '../testing/oracle/text.ts';
import { explored, type RunMore } from '../testing/run.ts';
import { headlinesOf, isFindingVerdict } from './headlines.ts';
import type { HostHazardReport, RaceReport, StressResult } from './result.ts';

type Run = (more: RunMore) => Promise<StressResult>;

const meeting = ({ kind, a, b }: RaceReport | HostHazardReport): string =>
  `${kind} ${[a.offset, b.offset].sort((x, y) => x - y).join()}`;

/** Replays everything that a run finds; answers whether it found anything. */
async function replayAll(name: string, run: Run): Promise<boolean> {
  const found = await run({});
  assert.deepEqual(found.defects, [], name);
  if (!isFindingVerdict(found.verdict)) return false;
  const replays = new Map<string, StressResult>();
  const replayed = async (schedule: string): Promise<StressResult> => {
    const again = replays.get(schedule) ?? (await run({ schedule }));
    replays.set(schedule, again);
    return again;
  };
  if (found.schedule !== null) {
    const again = await replayed(found.schedule);
    const told = ({ verdict, ...result }: StressResult) => [verdict, headlinesOf({ ...result, verdict })[0]];
    assert.deepEqual(told(again), told(found), `${name}, schedule ${found.schedule}`);
  }
  for (const one of [...found.hostHazards, ...found.races]) {
    // Two calls that overlap and have no steps.
    if (one.kind === 'overlapping-calls' && one.schedule === '') continue;
    const { hostHazards, races } = await replayed(one.schedule);
    const shown = [...hostHazards, ...races].map(meeting);
    assert.ok(shown.includes(meeting(one)), `${name}: ${meeting(one)} under ${one.schedule}`);
  }
  for (const { schedule, results, order } of found.outcomes.wrong) {
    const { outcomes } = await replayed(schedule);
    assert.deepEqual([outcomes.wrong[0]?.results, outcomes.wrong[0]?.order], [results, order], `${name}: ${schedule}`);
  }
  if (found.hang !== null && found.hang.schedule !== '')
    assert.equal((await replayed(found.hang.schedule)).hang?.kind, found.hang.kind, name);
  return true;
}

test('of scenarios of wazero', async () => {
  let findings = 0;
  for (const { id, module, callers, setup, probe } of WAZERO_SCENARIOS) {
    const bytes = await wazeroModule(module);
    const file = { callers, setup, probe } as ScenarioFile;
    if (await replayAll(id, (more) => explored(bytes, file, more))) findings++;
  }
  assert.ok(findings > 25, String(findings));
});

test('of random programs', async () => {
  let findings = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const program = programOfSeed(seed);
    const bytes = await parse(watOf(program));
    const file: ScenarioFile = { ...scenarioOf(program), budget: { schedules: 2000 } };
    if (await replayAll(`seed ${seed}`, (more) => explored(bytes, file, more))) findings++;
  }
  assert.ok(findings > 40, String(findings));
});

test('of cases with hangs, sequences, suspended calls and private stacks', async () => {
  for (const [folder, name] of [
    ['barrier-notify-one', 'scenario'],
    ['lost-wake-up', 'scenario'],
    ['noop-mutex-freelist', 'scenario'],
    ['jspi-shadow-stack', 'shared'],
    ['shadow-stacks-overlap', 'scenario'],
    ['start-clears-shared-memory', 'as-export'],
    ['lld-init-guard', 'broken'],
  ])
    assert.ok(await replayAll(folder, (more) => exploredCase(folder, name, {}, more)), folder);
});
