/** Which races that exploration found a report of Go's race detector can be of. */
import type { HostHazardReport, RaceParty, RaceReport } from '../../stress/explore/result.ts';
import { touchesIn } from '../../stress/run/touchText.ts';
import { globalName, memoryName, segmentName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { AtDepth } from './depths.ts';
import type { HostCell, HostRace } from './ledBack.ts';
import { widestAccess } from './operations.ts';
import type { HostRaceParty } from './parties.ts';
import { wazeroOperation } from './wazeroNames.ts';

/** Something that two parties met at, as exploration reports it. */
export type Met = RaceReport | HostHazardReport;

/** What exploration found, and what is needed to compare. */
export interface ExploredRaces {
  found: readonly Met[];
  module: Module;
  atDepth: AtDepth;
}

/**
 * The races that a report can be of: those of the same cell, operations, exports and depths; else all at the very bytes.
 * Where there are several, the report does not tell them apart.
 */
export function matchesOf(race: HostRace, explored: ExploredRaces): Met[] {
  const { cell } = race;
  if (cell === null || cell.kind === 'host') return hostMatches(race, explored);
  const same = explored.found.filter((met) => isCell(met, cell, explored.module));
  const there = same.filter((met) => overlaps(met, race, cell, explored.module));
  // One address stands for all at which two instructions race.
  for (const candidates of [there, same])
    for (const depths of [explored.atDepth, undefined]) {
      const of = candidates.filter((met) => pairs(race, met, depths));
      if (of.length > 0) return of;
    }
  return there;
}

/** Races in the host: two calls of a function that the module imports. */
function hostMatches({ a, b }: HostRace, { found }: ExploredRaces): Met[] {
  if (a.operation === 'RefFunc' && b.operation === 'RefFunc') return found.filter(({ kind }) => kind === 'ref-func');
  if (a.host === null || b.host === null) return [];
  const names = [a.host, b.host].map(plainName);
  return found.filter(({ cell }) => names.includes(plainName(cell)));
}

/** `random_get` of wazero is `randomGetFn`. */
const plainName = (name: string): string =>
  (name.split('.').at(-1) ?? name)
    .replace(/Fn$/, '')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();

/** What host hazards meet at. */
const HAZARD_CELLS: Readonly<Record<string, HostCell['kind']>> = {
  'memory-growth': 'memory.grow',
  'table-growth': 'table.grow',
  'segment-drop': 'segment',
};

/** Instances of one module have cells of one name each; which of the globals is the stack pointer is told behind its name. */
const plainCell = (cell: string): string => cell.replace(/ \(stack pointer\)| of instance \d+/g, '');

/** Whether two parties met in a cell of that kind and index. */
function isCell({ cell, kind: found }: Met, { kind, index, part }: HostCell, module: Module): boolean {
  if ((HAZARD_CELLS[found] ?? found) !== kind) return false;
  if (index < 0) return true;
  const plain = plainCell(cell);
  switch (kind) {
    case 'memory':
      return plain.startsWith(`${memoryName(module, index)} 0x`);
    case 'memory.grow':
      return plain === `${memoryName(module, index)} size`;
    case 'global':
      return plain === globalName(module, index);
    case 'table':
      return plain.startsWith(`${tableName(module, index)} slot `);
    case 'table.grow':
      return plain === `${tableName(module, index)} size`;
    case 'segment':
      return plain === segmentName(module, part === 'element' ? 'element' : 'data', index);
    default:
      return false;
  }
}

/** Whether the report can be of the very bytes or slot. */
function overlaps({ cell }: Met, { a, b }: HostRace, at: HostCell, module: Module): boolean {
  if (at.start < 0) return true;
  if (at.kind === 'table') {
    const slot = Number(/ slot (\d+)$/.exec(plainCell(cell))?.[1] ?? -1);
    return slot >= at.start && slot < at.end;
  }
  if (at.kind !== 'memory') return true;
  // The detector names one byte of those that an access touches.
  const slack = Math.max(...[a, b].map(({ operation }) => widestAccess(operation ?? '') ?? 8)) - 1;
  return touchesIn(plainCell(cell), [memoryName(module, at.index)]).some(
    ({ start, end }) => start < at.end + slack && end > at.start - slack,
  );
}

/** Whether the two accesses of a report can be the two parties, in one order or the other: callers may change places. */
function pairs(race: HostRace, met: Met, atDepth: AtDepth | undefined): boolean {
  const is = (one: HostRaceParty, party: RaceParty): boolean => isParty(one, party, atDepth);
  return (is(race.a, met.a) && is(race.b, met.b)) || (is(race.a, met.b) && is(race.b, met.a));
}

function isParty(
  { access, operation, host, depth, export: called, place }: HostRaceParty,
  party: RaceParty,
  atDepth: AtDepth | undefined,
): boolean {
  // A copy reads and writes: which of the two it is tells the two accesses of one instruction apart.
  if (/copy$/i.test(operation ?? '') && access.endsWith('write') !== party.access.endsWith('write')) return false;
  if (place !== null) return place.offset === party.offset;
  const wanted = wazeroOperation(party.op);
  if (host !== null ? wanted !== undefined : operation !== null && wanted !== operation) return false;
  if (atDepth === undefined || called === null || depth === null || depth === 0 || host !== null) return true;
  return party.func < 0 || atDepth(called, party.func, depth);
}
