/** A hammer result as text: for terminals, the output of a test run, and test messages. */

import type { HammerResult } from '../../stress/hammer/hammerResult.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { printable } from '../printable.ts';
import { hammerVerdict } from '../verdicts.ts';
import { costsText } from './costsText.ts';
import { noteLines } from './exploredText.ts';
import { hammerOutcomes } from './hammerOutcomes.ts';
import { scenarioLines } from './scenarioLines.ts';
import { palette } from './style.ts';
import { columnsOf, labelled, type TextForm } from './textForm.ts';

/** How a hammer result is shown. */
export interface HammerTextOptions {
  /** Lists all outcomes. */
  full: boolean;
  colour: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** The command that replays a schedule, without the schedule; no such line if absent. */
  replay?: string;
}

/** One result in detail. */
export function hammerText(result: HammerResult, { full, colour, columns, replay }: HammerTextOptions): string {
  const shown = printable(result);
  const form: TextForm = {
    full,
    paint: palette(colour),
    columns: columnsOf(columns),
    wraps: columns !== undefined,
  };
  const lines = [
    headline(shown, form),
    ...scenarioLines(shown, form),
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

function headline(result: HammerResult, { paint }: TextForm): string {
  const { verdict } = result;
  const colour = verdict === 'none-seen' || verdict === 'not-judged' ? paint.yellow : paint.red;
  return `${paint.bold(result.module)}: ${colour(`hammer: ${hammerVerdict(result)}`)}`;
}

function hangLines({ hang, scenario }: HammerResult): string[] {
  if (hang === null) return [];
  const calls = hang.callers.map(
    ({ caller, call }) => `${callerName(caller)} in ${stepText(scenario.callers[caller][call])}`,
  );
  const which = calls.length > 0 ? calls.join(', ') : scenario.probe.map(stepText).join('; ');
  return [`  Did not return: ${which}`, ''];
}

/** What exploration says can happen, beside what did. */
function exploredLines({ explored, verdict }: HammerResult, form: TextForm): string[] {
  if (explored === null) return [];
  const far = explored.exhaustive ? '' : ', as far as explored';
  const schedule = explored.schedule === null ? '' : ` (schedule ${explored.schedule})`;
  const what = {
    'host-hazard': `operations that damage the host itself${schedule}`,
    safe: `no race, and every outcome is that of a serial order${far}`,
    race: `a data race${explored.wrongOutcome ? ' and a wrong outcome' : `, and no wrong outcome${far}`}${schedule}`,
    'non-atomic': `no data race, yet a wrong outcome${schedule}`,
    'private-state': 'several instances over one memory give other results than one instance',
    hang: `calls that hang${schedule}${explored.hangCause === null ? '' : `: ${explored.hangCause}`}`,
    inconclusive: 'too little was explored to say',
  }[explored.verdict];
  const also =
    explored.hangCause === null || explored.verdict === 'hang' ? '' : `; calls can also hang: ${explored.hangCause}`;
  const beyond = explored.wrongOutcome && verdict === 'none-seen' ? 'not seen here, but possible: ' : '';
  const lines = labelled('Explored', beyond + what + also, form);
  return [...(beyond === '' ? lines : lines.map(form.paint.red)), ''];
}

/** How to replay an outcome that was seen or, failing that, what exploration found. */
function replayLine({ outcomes, explored }: HammerResult, replay: string | undefined): string[] {
  const found = outcomes.map((one) => one.found).find((one) => one?.how === 'schedule');
  const schedule = found?.how === 'schedule' ? found.schedule : explored?.schedule;
  return schedule === undefined || schedule === null || replay === undefined
    ? []
    : [`  Replay: ${replay} --schedule ${schedule}`, ''];
}
