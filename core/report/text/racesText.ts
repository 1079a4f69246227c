/** Hangs, and data races with both parties. */

import type { RaceParty, RaceReport, StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { widthOf } from './style.ts';
import { type PlacedForm, padded, scheduleIn } from './textForm.ts';

/** Most races that the short form lists. */
const MAX_RACES = 8;

export function hangText({ hang }: StressResult, form: PlacedForm): string[] {
  if (hang === null) return [];
  const seen = hang.lastSeen.map(
    (at) => `    ${callerName(at.caller)}, call ${at.call + 1}: last seen in ${form.long(at) || 'unknown code'}`,
  );
  const schedule = hang.schedule === '' ? 'in any serial order' : `under schedule ${scheduleIn(hang.schedule, form)}`;
  const what = { deadlock: 'Deadlock', livelock: 'Livelock', 'no-return': 'A call does not return' }[hang.kind];
  return [`  ${what} ${schedule}`, ...seen, ''];
}

export function racesText({ races }: StressResult, form: PlacedForm): string[] {
  if (races.length === 0) return [];
  const shown = form.full ? races : races.slice(0, MAX_RACES);
  const more = races.length > shown.length ? [`    and ${races.length - shown.length} more; --full lists them`] : [];
  return [`  Data races: ${races.length}`, ...shown.flatMap((race) => raceText(race, form)), ...more, ''];
}

/** One race: the cell, and what each party did where. */
function raceText({ kind, cell, a, b, schedule }: RaceReport, form: PlacedForm): string[] {
  const does = [a, b].map(({ op, access }: RaceParty) => `${op} (${access})`);
  const width = Math.max(...does.map((text) => text.length));
  const head = `    ${kind}: ${cell}`;
  const how = `schedule ${scheduleIn(schedule, form)}`;
  const fits = widthOf(head) + widthOf(how) + 2 <= form.columns;
  return [
    ...(fits ? [`${head}, ${how}`] : [head, `      ${how}`]),
    ...[a, b].map((party, i) => `      ${callerName(party.caller)} ${padded(does[i], width)} in ${form.long(party)}`),
  ];
}
