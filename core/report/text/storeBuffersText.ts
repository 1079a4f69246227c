/** What store buffers add to a result: outcomes and hangs that no schedule without them has. */

import type { StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { plural } from '../../text/phrases.ts';
import { indented, labelled, type PlacedForm, scheduleIn, type TextForm } from './textForm.ts';
import { traceText } from './traceText.ts';

/** Most outcomes of the short form. */
const MAX_WRONG = 3;

const WHY =
  'On x86, Arm and other processors, a thread reads on while its plain stores still wait in its store buffer, where other threads do not see them. Atomic stores, read-modify-writes and fences wait until it is empty.';

/** Empty where nothing was found. `replay`: the command that replays a schedule, without the schedule. */
export function storeBuffersText(result: StressResult, form: PlacedForm, replay: string): string[] {
  const { storeBuffers, scenario, exhaustive, replayed } = result;
  if (storeBuffers === undefined) return [];
  const { wrong, hang, schedule, trace } = storeBuffers;
  if (wrong.length === 0 && hang === null) return [];
  const shown = form.full ? wrong : wrong.slice(0, MAX_WRONG);
  const lines = shown.flatMap((one) => [
    `    ${outcomeText(result, one)}, schedule ${scheduleIn(one.schedule, form)}`,
    ...one.state.map((text) => `      ${text}`),
  ]);
  const how = replayed
    ? 'under this schedule'
    : exhaustive
      ? 'which no schedule has without them'
      : 'not seen without them';
  return [
    `  Only with store buffers, ${how}:`,
    ...(hang === null
      ? []
      : [
          `    calls that do not return, schedule ${scheduleIn(hang.schedule, form)}`,
          ...indented(hang.cause.text, form).map((line) => `  ${line}`),
        ]),
    ...lines,
    ...(wrong.length > shown.length ? [`    and ${plural(wrong.length - shown.length, 'more outcome')}`] : []),
    ...indented(WHY, form),
    '',
    ...(replayed ? [] : traceText({ schedule, scenario, trace }, form, replay)),
  ];
}

/** `A 0, B 0`. */
function outcomeText({ scenario }: StressResult, { results, probe }: { results: string[][]; probe: string[] }): string {
  const callers = results.map((list, i) => `${callerName(i)} ${toldResults(scenario.callers[i], list).join(', ')}`);
  const then = probe.length === 0 ? [] : [`then ${toldResults(scenario.probe, probe).join(', ')}`];
  return [...callers, ...then].join(' | ');
}

/** How far executions with store buffers went, where they showed nothing more. */
export function buffersExplored({ storeBuffers, replayed }: StressResult, form: TextForm): string[] {
  if (storeBuffers === undefined || replayed) return [];
  const { schedules, exhaustive, wrong, hang } = storeBuffers;
  const far = exhaustive ? 'all up to equivalence' : 'not all';
  const found = wrong.length > 0 || hang !== null ? '' : '; no further wrong outcome';
  return labelled('With store buffers', `${plural(schedules, 'execution')}, ${far}${found}`, form);
}
