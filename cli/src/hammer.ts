/** `wasm-hazards hammer`: real parallel calls in a terminal and in CI. */

import { hammerText, hammerVerdict } from '../../core/report/hammerText.ts';
import { missingForHammer } from '../../core/stress/hammer/hammer.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { Scenario } from '../../core/stress/scenario/scenario.ts';
import { plural } from '../../core/text/phrases.ts';
import { explainedHammer } from '../../node/stress/explainedHammer.ts';
import { Exit, type ExitCode, type Io, UsageError } from './io.ts';
import type { Command } from './runCli.ts';
import { readStressInput, type StressInput } from './stressInput.ts';
import { HAMMER_HELP, parseStressOptions, type StressOptions } from './stressOptions.ts';
import { replayOf } from './stressOutput.ts';
import { planLines, type Ran, runScenarios, workerOf } from './stressRun.ts';
import { givenScenario, planned } from './stressScenarios.ts';

export const hammerCommand: Command = {
  summary: 'run exports in parallel threads, count outcomes, measure remedies',
  help: HAMMER_HELP,
  run: (args, io) => run(parseStressOptions('hammer', args), io),
};

/** Time for a scenario of a plan: rounds go on until their time is over, so each takes all of it. */
const PLANNED_SECONDS = 2;

async function run(options: StressOptions, io: Io): Promise<ExitCode> {
  const missing = missingForHammer();
  if (missing !== undefined) throw new UsageError(missing);
  const input = await readStressInput(options.file, options.scenario, options.host, io.stdin);
  const given = givenScenario(options, input);
  const { scenarios, notes } = given === undefined ? planned(options, input) : { scenarios: [given], notes: [] };
  const seconds = given?.scenario.budget.seconds ?? options.seconds ?? PLANNED_SECONDS * scenarios.length;
  const ran = await runScenarios(scenarios, seconds, { input, io, run: hammering(input, io) });
  if (ran.results.length === 0) return Exit.Trouble;
  await write({ ...ran, notes: [...notes, ...ran.notes] }, given !== undefined, { options, input, io });
  return exitCode(ran);
}

const hammering = (input: StressInput, io: Io) => (scenario: Scenario, status: (text: string) => void) =>
  explainedHammer(
    { bytes: input.bytes, name: input.name, scenario },
    {
      ...workerOf(scenario, input, io),
      onProgress: ({ rounds, seen }) => status(`${plural(rounds, 'round')}, ${plural(seen, 'outcome')}`),
      onExplain: () => status('looking for schedules'),
    },
  );

interface Output {
  options: StressOptions;
  input: StressInput;
  io: Io;
}

async function write(ran: Ran<HammerResult>, single: boolean, output: Output): Promise<void> {
  const { options, input, io } = output;
  const [first] = ran.results;
  const whole = { ...first.result, notes: [...first.result.notes, ...ran.notes] };
  if (options.format === 'json') {
    // The form that schemas/hammer.schema.json describes.
    const document = single
      ? whole
      : {
          version: 1,
          kind: 'hammer',
          module: input.name,
          results: ran.results.map(({ title, result }) => ({ title, ...result })),
          failures: ran.failures.map(({ title, failure }) => ({ title, ...failure })),
          notes: ran.notes,
        };
    await io.out(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  if (single) await io.out(detail(whole, output));
  else await writePlan(ran, output);
}

async function writePlan(ran: Ran<HammerResult>, output: Output): Promise<void> {
  const { io } = output;
  await io.out(planLines(ran, hammerVerdict));
  const worst = ran.results.toSorted((a, b) => rank(b.result) - rank(a.result))[0];
  await io.out(`\n${detail(worst.result, output)}`);
}

const detail = (result: HammerResult, { options, io }: Output): string =>
  hammerText(result, {
    full: options.full,
    colour: io.colour,
    columns: io.columns,
    replay: replayOf(options, result),
  });

const RANK: Readonly<Record<HammerResult['verdict'], number>> = {
  'not-judged': 0,
  'none-seen': 1,
  'wrong-outcome': 2,
  hang: 3,
};
const rank = (result: HammerResult): number => {
  const { verdict, outcomes } = result;
  if (verdict === 'wrong-outcome') return RANK[verdict] + Math.min(outcomes[0]?.frequency ?? 0, 0.99);
  return RANK[verdict] + (canGoWrong(result) ? 0.5 : 0);
};

/** Exploration has shown what rounds have not. */
const canGoWrong = ({ explored }: HammerResult): boolean => explored?.wrongOutcome === true;

function exitCode({ results, failures, notRun }: Ran<HammerResult>): ExitCode {
  const verdicts = results.map(({ result }) => result.verdict);
  if (verdicts.some((v) => v === 'wrong-outcome' || v === 'hang')) return Exit.Findings;
  if (results.some(({ result }) => canGoWrong(result))) return Exit.Findings;
  if (failures.length > 0) return Exit.Trouble;
  return verdicts.includes('not-judged') || notRun > 0 ? Exit.Inconclusive : Exit.Clean;
}
