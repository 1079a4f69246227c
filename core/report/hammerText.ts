/** A hammer result as text: for terminals, the output of a test run, and test messages. Pure. */

import type { HammerResult } from '../stress/hammer/hammerResult.ts';
import { callerName, callText } from '../stress/scenario/scenario.ts';
import { plural } from '../text/phrases.ts';
import { costsText } from './costsText.ts';
import { noteLines } from './exploredText.ts';
import { hammerOutcomes } from './hammerOutcomes.ts';
import { printable } from './printable.ts';
import { circumstances } from './resultText.ts';
import { palette } from './style.ts';
import { columnsOf, labelled, type Painted } from './textForm.ts';

export interface HammerTextOptions {
  /** All outcomes. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** The command that replays but for the schedule; left out unless given. */
  replay?: string;
}

/** What the parts of the text share. */
export interface HammerForm {
  full: boolean;
  paint: Painted;
  columns: number;
  wraps: boolean;
}

export function hammerText(result: HammerResult, { full, colour, columns, replay }: HammerTextOptions): string {
  const shown = printable(result);
  const form: HammerForm = {
    full,
    paint: palette(colour),
    columns: columnsOf(columns),
    wraps: columns !== undefined,
  };
  const lines = [
    headline(shown, form),
    ...circumstances(shown, form),
    '',
    ...hammerOutcomes(shown, form),
    ...hangLines(shown),
    ...exploredLines(shown, form),
    ...costsText(shown, form),
    ...replayLine(shown, replay),
    ...noteLines({ grain: [], imports: shown.imports, notes: shown.notes }, form),
  ];
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

/** One line: what was seen, and how often. */
export function hammerVerdict(result: HammerResult): string {
  const { verdict, rounds, outcomes, hang, explored } = result;
  switch (verdict) {
    case 'wrong-outcome':
      return `wrong outcome in ${shareOf(wrongShare(outcomes))} of ${plural(rounds, 'round')}`;
    case 'hang':
      return hang?.alone
        ? 'hang: no serial order of the calls returns, and no round does'
        : `hang: calls did not return in a round after ${plural(rounds, 'round')} that did`;
    case 'none-seen':
      return `no wrong outcome in ${plural(rounds, 'round')}, ${explored?.wrongOutcome ? 'yet it can happen' : 'which proves nothing'}`;
    default:
      return rounds > 0 ? `outcomes of ${plural(rounds, 'round')}, not judged` : 'nothing was hammered';
  }
}

export const wrongShare = (outcomes: HammerResult['outcomes']): number =>
  outcomes.reduce((sum, { kind, frequency }) => sum + (kind === 'wrong' || kind === 'wrong-state' ? frequency : 0), 0);

/** `37.5 %`, `0.0001 %`. */
export function shareOf(share: number): string {
  const percent = share * 100;
  if (percent >= 10 || percent === 0) return `${percent.toFixed(1)} %`;
  return `${percent >= 0.01 ? percent.toFixed(2) : percent.toPrecision(1)} %`;
}

function headline(result: HammerResult, { paint }: HammerForm): string {
  const { verdict } = result;
  const colour = verdict === 'none-seen' ? paint.green : verdict === 'not-judged' ? paint.yellow : paint.red;
  return `${paint.bold(result.module)}: ${colour(`hammer: ${hammerVerdict(result)}`)}`;
}

function hangLines({ hang, scenario }: HammerResult): string[] {
  if (hang === null) return [];
  const calls = hang.callers.map(
    ({ caller, call }) => `${callerName(caller)} in ${callText(scenario.callers[caller][call])}`,
  );
  const which = calls.length > 0 ? calls.join(', ') : scenario.probe.map(callText).join('; ');
  return [`  Did not return: ${which}`, ''];
}

/** What can happen, beside what did. */
function exploredLines({ explored, verdict }: HammerResult, form: HammerForm): string[] {
  if (explored === null) return [];
  const far = explored.exhaustive ? '' : ', as far as explored';
  const schedule = explored.schedule === null ? '' : ` (schedule ${explored.schedule})`;
  const what = {
    safe: `no race, and every outcome is that of a serial order${far}`,
    race: `a data race${explored.wrongOutcome ? ' and a wrong outcome' : `, and no wrong outcome${far}`}${schedule}`,
    'non-atomic': `no data race, yet a wrong outcome${schedule}`,
    hang: `calls that hang${schedule}`,
    inconclusive: 'too little was explored to say',
  }[explored.verdict];
  const beyond = explored.wrongOutcome && verdict === 'none-seen' ? 'not seen, yet it can happen: ' : '';
  const lines = labelled('Explored', beyond + what, form);
  return [...(beyond === '' ? lines : lines.map(form.paint.red)), ''];
}

/** The schedule of an outcome that was seen, else of what exploration shows. */
function replayLine({ outcomes, explored }: HammerResult, replay: string | undefined): string[] {
  const found = outcomes.map((one) => one.found).find((one) => one?.how === 'schedule');
  const schedule = found?.how === 'schedule' ? found.schedule : explored?.schedule;
  return schedule === undefined || schedule === null || replay === undefined
    ? []
    : [`  Replay: ${replay} --schedule ${schedule}`, ''];
}
