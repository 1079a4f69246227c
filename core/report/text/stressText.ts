/** A result of exploration as text: for terminals, the output of a test run, and test messages. */

import type { AdvisedResult } from '../../advice/advised.ts';
import { linkText } from '../../debug/sourceWords.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import type { Place } from '../../stress/run/traceRows.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import { printable } from '../printable.ts';
import { replayCommand } from '../replayCommand.ts';
import { functionOf } from '../sourced.ts';
import { furtherVerdicts, verdictText } from '../verdicts.ts';
import { adviceText } from './adviceText.ts';
import { defectsText } from './defectsText.ts';
import { exploredText, noteLines, poolText, restsOnLines } from './exploredText.ts';
import { outcomesText } from './outcomesText.ts';
import { privateStateText } from './privateStateText.ts';
import { hangText, hostHazardsText, racesText } from './racesText.ts';
import { scenarioLines } from './scenarioLines.ts';
import { buffersExplored, storeBuffersText } from './storeBuffersText.ts';
import { palette } from './style.ts';
import { columnsOf, type PlacedForm, type TextForm } from './textForm.ts';
import { traceText } from './traceText.ts';

/** How a stress result is shown. */
export interface StressTextOptions {
  /** Everything: all races, all outcomes, all rows of the trace. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** Where an instruction is, `12:5`; byte offsets unless given. */
  place?: (func: number, offset: number) => string;
  /** Name of the source that lines and columns refer to, so that editors and terminals can follow a place. */
  source?: string;
  /** The command that replays a schedule, without the schedule; derived from the result if absent. */
  replay?: string;
  /** Leaves out the advice, because that of the whole module is shown elsewhere. */
  withoutAdvice?: boolean;
}

/** One result in detail. */
export function stressText(result: AdvisedResult, options: StressTextOptions): string {
  const replay = options.replay ?? replayCommand(result);
  const shown = printable(result);
  const form = formOf(shown, options);
  const lines = [
    headline(shown, form),
    ...furtherVerdicts(shown).map((text) => `  ${text}`),
    ...restsOnLines(shown, form),
    ...scenarioLines(shown, form),
    '',
    ...defectsText(shown, form),
    ...hostHazardsText(shown, form),
    ...privateStateText(shown, form),
    ...hangText(shown, form),
    ...outcomesText(shown, form),
    ...racesText(shown, form),
    ...traceText(shown, form, replay),
    ...storeBuffersText(shown, form, replay),
    ...poolText(shown, form),
    ...(options.withoutAdvice ? [] : adviceText(result.advice, form)),
    ...exploredText(shown, form),
    ...buffersExplored(shown, form),
    ...noteLines(shown, form),
  ];
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

function formOf(result: StressResult, { full, colour, columns, place, source }: StressTextOptions): PlacedForm {
  const inside = (at: Place): string => functionOf(at, result) ?? '';
  const write = (at: Place, file: string): string => {
    const { func, offset } = at;
    if (offset < 0) return inside(at);
    const where = place?.(func, offset) ?? hex(offset);
    return `${inside(at)} ${/^\d+:\d+$/.test(where) ? file : ''}${where}`.trim();
  };
  const inSource = (at: Place): string | undefined =>
    at.place && `${inside(at)} ${linkText(at.place, true)} (${hex(at.offset)})`.trim();
  const prefix = source === undefined ? '' : `${printable(source)}:`;
  return {
    full,
    paint: palette(colour),
    columns: columnsOf(columns),
    wraps: columns !== undefined,
    short: (at) => write(at, ''),
    long: (at) => inSource(at) ?? write(at, prefix),
  };
}

function headline(result: StressResult, { paint }: TextForm): string {
  const text = verdictText(result);
  const colour = { safe: paint.green, inconclusive: paint.yellow }[result.verdict as string] ?? paint.red;
  return `${paint.bold(result.module)}: ${colour(text)}`;
}
