/** A result as text: for terminals, the output of a test run, and test messages. Pure. */

import type { AdvisedResult } from '../advice/advised.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { callerName, callText } from '../stress/scenario/scenario.ts';
import { plural } from '../text/phrases.ts';
import { adviceText } from './adviceText.ts';
import { exploredText, noteLines, poolText } from './exploredText.ts';
import { outcomesText } from './outcomesText.ts';
import { printable } from './printable.ts';
import { hangText, racesText } from './racesText.ts';
import { replayCommand } from './replayCommand.ts';
import { palette, widthOf } from './style.ts';
import { columnsOf, labelled, type TextForm } from './textForm.ts';
import { traceText } from './traceText.ts';

export interface StressTextOptions {
  /** Everything: all races, all outcomes, all rows of the trace. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** Where an instruction is, `12:5`; byte offsets unless given. */
  place?: (func: number, offset: number) => string;
  /** Name of the source whose lines and columns places are, for those that an editor shall follow. */
  source?: string;
  /** The command that replays but for the schedule; made of the result unless given. */
  replay?: string;
  /** Leaves out the advice: the module's is shown elsewhere. */
  withoutAdvice?: boolean;
}

export function stressText(result: AdvisedResult, options: StressTextOptions): string {
  const replay = options.replay ?? replayCommand(result);
  const shown = printable(result);
  const form = formOf(shown, options);
  const lines = [
    headline(shown, form),
    ...circumstances(shown, form),
    '',
    ...outcomesText(shown, form),
    ...hangText(shown, form),
    ...racesText(shown, form),
    ...traceText(shown, form, replay),
    ...poolText(shown, form),
    ...(options.withoutAdvice ? [] : adviceText(result.advice, form)),
    ...exploredText(shown, form),
    ...noteLines(shown, form),
  ];
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

function formOf({ functions }: StressResult, { full, colour, columns, place, source }: StressTextOptions): TextForm {
  const write = (func: number, offset: number, file: string): string => {
    const inside = func < 0 ? '' : (functions[func] ?? `func[${func}]`);
    if (offset < 0) return inside;
    const at = place?.(func, offset) ?? `0x${offset.toString(16)}`;
    return `${inside} ${/^\d+:\d+$/.test(at) ? file : ''}${at}`.trim();
  };
  const prefix = source === undefined ? '' : `${printable(source)}:`;
  return {
    full,
    paint: palette(colour),
    columns: columnsOf(columns),
    wraps: columns !== undefined,
    short: ({ func, offset }) => write(func, offset, ''),
    long: ({ func, offset }) => write(func, offset, prefix),
  };
}

/** One line: what was found. */
export function verdictText(result: StressResult): string {
  const races = plural(result.races.length, 'data race');
  const here = result.replayed ? ' under this schedule' : '';
  switch (result.verdict) {
    case 'race':
      if (result.wrongOutcome) return `race: ${races}, and an outcome that no serial order gives`;
      if (result.benign) return `race, benign: ${races}, yet every outcome is that of a serial order`;
      return `race: ${races}; no wrong outcome was shown${result.hang === null ? here : `, but a ${result.hang.kind}`}`;
    case 'non-atomic':
      return 'non-atomic: no data race, yet an outcome that no serial order gives';
    case 'hang':
      return result.hang?.kind === 'no-return'
        ? 'hang: a call does not return'
        : `hang: a ${result.hang?.kind ?? 'deadlock'}`;
    case 'safe':
      if (result.replayed)
        return 'nothing wrong under this schedule: no race, and the outcome is that of a serial order';
      return result.exhaustive
        ? 'safe: no race, and every outcome is that of a serial order'
        : 'safe as far as explored: no race, and every outcome is that of a serial order';
    default:
      return result.outcomes.serial === 0 && result.outcomes.serialComplete
        ? 'inconclusive: no serial order of the calls has an outcome to compare with'
        : 'inconclusive: too little could be run in the time to say';
  }
}

function headline(result: StressResult, { paint }: TextForm): string {
  const text = verdictText(result);
  const colour = result.verdict === 'safe' ? paint.green : result.benign ? paint.yellow : paint.red;
  return `${paint.bold(result.module)}: ${colour(text)}`;
}

/** Host, sharing model and calls: in one line, or a line for each caller where that is too long. */
export function circumstances(
  { host, model, scenario }: Pick<StressResult, 'host' | 'model' | 'scenario'>,
  form: Pick<TextForm, 'columns'>,
): string[] {
  const texts = (calls: typeof scenario.setup): string => calls.map(callText).join('; ');
  const callers = scenario.callers.map((calls, i) => `${callerName(i)} ${texts(calls)}`).join(' | ');
  const setup = scenario.setup.length > 0 ? `, after ${texts(scenario.setup)}` : '';
  const probe = scenario.probe.length > 0 ? `, then ${texts(scenario.probe)}` : '';
  const line = `  ${host}, ${model}: ${callers}${setup}${probe}`;
  if (widthOf(line) <= form.columns) return [line];
  const part = (label: string, calls: typeof scenario.setup): string[] =>
    calls.length === 0 ? [] : labelled(label, texts(calls), { columns: form.columns, wraps: true });
  return [
    `  ${host}, ${model}`,
    ...part('setup', scenario.setup),
    ...scenario.callers.flatMap((calls, i) => part(callerName(i), calls)),
    ...part('probe', scenario.probe),
  ];
}
