/** What `stress` and `replay` write: a result in detail, or a line for each scenario of a plan and the worst in detail. */
import type { Advice } from '../../core/advice/advice.ts';
import type { AdvisedResult } from '../../core/advice/advised.ts';
import { adviceBlock } from '../../core/report/adviceText.ts';
import { fileWord, replayCommand, shellWord } from '../../core/report/replayCommand.ts';
import { stressText, verdictText } from '../../core/report/resultText.ts';
import type { Io } from './io.ts';
import type { StressInput } from './stressInput.ts';
import type { StressOptions } from './stressOptions.ts';
import { planLines, type Ran } from './stressRun.ts';

interface Output {
  options: StressOptions;
  input: StressInput;
  /** About the whole module, of a plan; undefined when one scenario was given, so that there is one result. */
  advice: readonly Advice[] | undefined;
  io: Io;
}

export async function writeStress(ran: Ran, output: Output): Promise<void> {
  const { options, advice, io } = output;
  if (options.format === 'json') await io.out(`${JSON.stringify(documentOf(ran, output), null, 2)}\n`);
  else if (advice === undefined) await io.out(detail(withNotes(ran), output));
  else await writePlan(ran, advice, output);
}

/** The form that schemas/stress.schema.json describes. */
function documentOf(ran: Ran, { input, advice }: Output): unknown {
  if (advice === undefined) return withNotes(ran);
  return {
    version: 1,
    module: input.name,
    results: ran.results.map(({ title, result }) => ({ title, ...result })),
    failures: ran.failures.map(({ title, failure }) => ({ title, ...failure })),
    notes: ran.notes,
    advice,
  };
}

function withNotes({ results, notes }: Ran): AdvisedResult {
  const [{ result }] = results;
  return { ...result, notes: [...result.notes, ...notes] };
}

function detail(result: AdvisedResult, { options, input, io, advice }: Output): string {
  return stressText(result, {
    full: options.full,
    colour: io.colour,
    columns: io.columns,
    place: input.place,
    source: input.source,
    replay: replayOf(options, result),
    withoutAdvice: advice !== undefined,
  });
}

async function writePlan(ran: Ran, advice: readonly Advice[], output: Output): Promise<void> {
  const { io, options } = output;
  await io.out(planLines(ran, verdictText));
  const advised = adviceBlock(advice, options, io.columns);
  if (advised !== '') await io.out(`\n${advised}`);
  const worst = ran.results.toSorted((a, b) => rank(b.result) - rank(a.result))[0];
  if (rank(worst.result) > 0) await io.out(`\n${detail(worst.result, output)}`);
}

const rank = ({ verdict, wrongOutcome }: AdvisedResult): number =>
  verdict === 'safe' ? 0 : verdict === 'inconclusive' ? 1 : wrongOutcome ? 4 : verdict === 'hang' ? 3 : 2;

/** The command that replays, with the scenario by its file where there is one. */
export function replayOf(
  { file, scenario, host, model }: StressOptions,
  result: Parameters<typeof replayCommand>[0],
): string {
  if (scenario === undefined && !/\.stress\.json$/i.test(file)) return replayCommand(result, file);
  const words = ['wasm-hazards replay', fileWord(file)];
  if (scenario !== undefined) words.push('--scenario', fileWord(scenario));
  if (host !== undefined) words.push('--host', shellWord(host));
  if (model !== undefined) words.push('--model', shellWord(model));
  return words.join(' ');
}
