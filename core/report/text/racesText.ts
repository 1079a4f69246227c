/** Host hazards, hangs, and data races with both parties. */

import type { NotifyReport } from '../../stress/explore/hang/hang.ts';
import type { HostHazardReport, RaceParty, RaceReport, StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { metText } from '../sourced.ts';
import { countText, wokenText } from './notifyText.ts';
import { widthOf } from './style.ts';
import { indented, labelled, type PlacedForm, padded, scheduleIn } from './textForm.ts';

/** Most notifications of a hang that are listed, the last ones. */
const MAX_NOTIFIES = 6;
/** Most races that the short form lists. */
const MAX_RACES = 8;

/** Where each caller was last seen or waits, and the last notifications; empty if the result has no hang. */
export function hangText({ hang }: StressResult, form: PlacedForm): string[] {
  if (hang === null) return [];
  const seen = hang.lastSeen.map((at) => {
    const does = at.waitsAt === undefined ? 'last seen' : `waits at ${at.waitsAt}`;
    return `    ${callerName(at.caller)}, call ${at.call + 1}: ${does} in ${form.long(at) || 'unknown code'}`;
  });
  const waits = hang.lastSeen.some(({ waitsAt }) => waitsAt !== undefined);
  const notifies = (hang.notifies ?? [])
    .slice(-MAX_NOTIFIES)
    .map((one) => `    ${notifyText(one)} in ${form.long(one)}`);
  if (waits && hang.notifies?.length === 0) notifies.push('    nobody notified that address');
  const schedule = hang.schedule === '' ? 'in any serial order' : `under schedule ${scheduleIn(hang.schedule, form)}`;
  const what = { deadlock: 'Deadlock', livelock: 'Livelock', 'no-return': 'A call does not return' }[hang.kind];
  return [`  ${what} ${schedule}`, ...indented(hang.cause.text, form), ...seen, ...notifies, ''];
}

/** What damages the host: each kind once with what it does, then who met where. */
export function hostHazardsText({ hostHazards }: StressResult, form: PlacedForm): string[] {
  if (hostHazards.length === 0) return [];
  const shown = form.full ? hostHazards : hostHazards.slice(0, MAX_RACES);
  const texts = new Set(hostHazards.map(({ text }) => text));
  return [
    `  Host hazards: ${hostHazards.length}`,
    ...[...texts].flatMap((text) => labelled('  What happens', text, form)),
    ...shown.flatMap((hazard) => raceText(hazard, form)),
    ...moreText(hostHazards.length - shown.length),
    '',
  ];
}

const moreText = (more: number): string[] => (more > 0 ? [`    and ${more} more; --full lists them`] : []);

/** All races, the first eight in the short form; empty if there are none. */
export function racesText({ races }: StressResult, form: PlacedForm): string[] {
  if (races.length === 0) return [];
  const shown = form.full ? races : races.slice(0, MAX_RACES);
  const lines = shown.flatMap((race) => raceText(race, form));
  return [`  Data races: ${races.length}`, ...lines, ...moreText(races.length - shown.length), ''];
}

/** `A notified memory[0] 0x8, count 1: woke C`. */
const notifyText = (one: NotifyReport): string =>
  `${callerName(one.caller)} notified ${one.at}, count ${countText(one)}: ${wokenText(one)}`;

/** One race or host hazard: the cell, and what each party did where. */
function raceText(race: RaceReport | HostHazardReport, form: PlacedForm): string[] {
  const { kind, a, b, schedule } = race;
  const does = [a, b].map(({ op, access }: RaceParty) => (op === 'call' ? op : `${op} (${access})`));
  const width = Math.max(...does.map((text) => text.length));
  const head = `    ${kind}: ${metText(race)}`;
  const how = schedule === '' ? 'in every schedule' : `schedule ${scheduleIn(schedule, form)}`;
  const fits = widthOf(head) + widthOf(how) + 2 <= form.columns;
  return [
    ...(fits ? [`${head}, ${how}`] : [head, `      ${how}`]),
    ...[a, b].map((party, i) => {
      const place = form.long(party);
      return place === ''
        ? `      ${callerName(party.caller)} ${does[i]}`
        : `      ${callerName(party.caller)} ${padded(does[i], width)} in ${place}`;
    }),
  ];
}
