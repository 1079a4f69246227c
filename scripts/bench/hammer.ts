/**
 * Benchmarks of the hammer: rounds per second, what sharing costs an export, and which of the calls that go wrong on
 * real wazero also go wrong in the hammer. Ratios within one run are comparable; rates depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../core/analysis/testing/wazero/verdicts.ts';
import { shareOf } from '../../core/report/verdicts.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import { hammerInThreads } from '../../node/stress/runHammer.ts';
import { ROOT } from '../paths.ts';
import type { Figures } from './baseline/baselineFile.ts';
import { inOwnProcess } from './ownProcess.ts';
import { markdown } from './table.ts';

const workerPath = new URL('../../node/stress/stressWorker.ts', import.meta.url);

const fixture = async (name: string): Promise<Uint8Array> =>
  parse(readFileSync(join(ROOT, 'test-fixtures', name), 'utf8'));

async function hammered(bytes: Uint8Array, file: ScenarioFile): Promise<HammerResult> {
  const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
  const answer = await hammerInThreads({ bytes, name: 'bench', scenario }, { workerPath });
  if ('failure' in answer) throw new Error(answer.failure.message);
  return answer.result;
}

async function speed(): Promise<string> {
  const cases: [string, Uint8Array, ScenarioFile][] = [
    ['counter in a global', await fixture('counter-global.wat'), { callers: [[['increment']], [['increment']]] }],
    ['counter in memory', await fixture('counter-memory.wat'), { callers: [[['increment']], [['increment']]] }],
    ['400 accesses each', await wazeroModule('c08_grow_store.wat'), { callers: [[['bump', 200]], [['bump', 200]]] }],
    ['growth of memory', await wazeroModule('c06_grow.wat'), { callers: [[['grow']], [['grow']]] }],
  ];
  const rows: string[][] = [];
  for (const [name, bytes, file] of cases) {
    const { roundsPerSecond, wrongRounds, rounds } = await hammered(bytes, { ...file, budget: { seconds: 4 } });
    rows.push([name, roundsPerSecond.toLocaleString('en-US'), shareOf(wrongRounds / Math.max(rounds, 1))]);
  }
  return markdown([['two callers', 'rounds/s', 'wrong'], ...rows]);
}

/** Calls of the rewritten module compared with those of the original module. */
async function cost(old: Figures): Promise<string> {
  const times = (n: number | undefined): string => (n === undefined ? '' : `${n.toFixed(2)}×`);
  const costs = await inOwnProcess('sharing', null);
  return markdown([
    ['export', 'cost of sharing', 'baseline'],
    ...Object.entries(costs).map(([name, n]) => [name, times(n), times(old.sharing?.[name])]),
  ]);
}

const SECONDS = 2;

/** Calls that are not serialisable, and how many rounds in two seconds show it. */
async function scenarios(): Promise<string> {
  const rows: string[][] = [];
  let [wrong, all] = [0, 0];
  for (const { id, module, setup, probe, serializable, callers: once, callersTwice } of WAZERO_SCENARIOS) {
    if (serializable) continue;
    const bytes = await wazeroModule(module);
    const cells = [id.replaceAll('||', ' with ')];
    let shown = false;
    for (const callers of [once, callersTwice]) {
      if (callers === null) {
        cells.push('');
        continue;
      }
      // Uses the whole two seconds for rounds.
      const result = await hammered(bytes, { callers, setup, probe, budget: { seconds: SECONDS / 0.7 } });
      const share = result.wrongRounds / Math.max(result.rounds, 1);
      shown ||= share > 0;
      cells.push(result.verdict === 'not-judged' ? 'not judged' : share > 0 ? shareOf(share) : 'not seen');
    }
    all++;
    if (shown) wrong++;
    rows.push(cells);
  }
  rows.push([`**${wrong} of ${all} seen**`, '', '']);
  return markdown([['wrong outcomes in two seconds', 'one call each', 'two calls each'], ...rows]);
}

/** The report as Markdown, with the figures of the baseline beside. */
export async function hammerReport(old: Figures, log: (line: string) => void): Promise<string> {
  log('hammer: speed');
  const parts = [await speed()];
  log('hammer: cost of sharing');
  parts.push(await cost(old));
  log('hammer: scenarios');
  parts.push(await scenarios());
  return parts.join('\n\n');
}
