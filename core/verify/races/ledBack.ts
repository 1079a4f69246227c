/**
 * Leads reports of Go's race detector back to the guest: the address to a cell, the line of the interpreter to the
 * operation, the function of the driver to the caller, nested calls of the interpreter to the depth.
 */
import { operationCell } from './operations.ts';
import { callerIn, type HostRaceParty, type LedBy, partyKey, partyOf } from './parties.ts';
import type { RaceReports, ReportedAccess, ReportedRace } from './raceReports.ts';
import { parseRegions, type Region, type RoundRegions, regionAt } from './regions.ts';

/** The part of a guest's state that a report is about. Index and range are -1 where only its kind is known. */
export interface HostCell extends Pick<Region, 'kind' | 'index' | 'instance' | 'part'> {
  /** Guest addresses of a memory, slots of a table: `[start, end)`, as far as reports named them; 0 and 0 of other cells. */
  start: number;
  end: number;
}

/** Reports of one kind, of one cell between the same two operations. */
export interface HostRace {
  reports: number;
  /** Null where the address is in none of the places that are known. */
  cell: HostCell | null;
  a: HostRaceParty;
  b: HostRaceParty;
}

/** All reports of a run led back. */
export interface LedBack {
  races: HostRace[];
  /** Reports whose two accesses could not be read. */
  unread: number;
  /** Fields of wazero that address ranges are read from, and that this version does not have. */
  missing: string[];
}

/** Bytes between two ranges of one memory that are told as one. */
const GAP = 16;

/** Leads all reports back and counts those of one kind. */
export function ledBack(reports: RaceReports, by: LedBy): LedBack {
  const regions = new Map<number, RoundRegions>();
  const missing = new Set<string>();
  for (const { round, about } of reports.told) {
    const read = parseRegions(about);
    regions.set(round, read);
    for (const name of read.missing) missing.add(name);
  }
  const callers = callersOf(reports.races);
  const races = reports.races.map((report) => {
    const known = report.round === null ? [] : (regions.get(report.round)?.regions ?? []);
    return race(report, known, by, callers);
  });
  return { races: counted(races), unread: reports.unread, missing: [...missing].sort() };
}

/** Callers by round and goroutine: a stack that was lost has the goroutine still. */
function callersOf(races: readonly ReportedRace[]): Map<string, number> {
  const known = new Map<string, number>();
  for (const { round, later, earlier } of races)
    for (const { goroutine, stack } of [later, earlier]) {
      const caller = callerIn(stack);
      if (caller !== null) known.set(`${round} ${goroutine}`, caller);
    }
  return known;
}

function race(
  { round, later, earlier }: ReportedRace,
  regions: readonly Region[],
  by: LedBy,
  callers: ReadonlyMap<string, number>,
): HostRace {
  const region = regionAt(regions, later.address) ?? regionAt(regions, earlier.address);
  const party = (access: ReportedAccess): HostRaceParty => {
    const caller = callerIn(access.stack) ?? callers.get(`${round} ${access.goroutine}`) ?? null;
    return partyOf(access, region?.kind, caller, by);
  };
  const [a, b] = [party(later), party(earlier)].sort((x, y) => (partyKey(x) < partyKey(y) ? -1 : 1));
  const cell =
    region === undefined || region.kind === 'host'
      ? ofOperations([a, b], region)
      : cellOf(region, [later.address, earlier.address]);
  return { reports: 1, cell: grown(cell, [a, b]), a, b };
}

/** Of an address that is in no known place, as in a memory that has moved since: what the operations access. */
function ofOperations(parties: readonly HostRaceParty[], region: Region | undefined): HostCell | null {
  const unknown = { index: -1, instance: region?.instance ?? 0, start: -1, end: -1 };
  const [one, other] = parties.map(({ operation }) => operation ?? '');
  if (one === 'RefFunc' && other === 'RefFunc') return { ...unknown, kind: 'host', part: 'engine' };
  const kinds = new Set([one, other].flatMap((operation) => operationCell(operation) ?? []));
  const [kind] = kinds.has('memory.grow')
    ? ['memory.grow' as const]
    : kinds.has('table.grow')
      ? ['table.grow' as const]
      : kinds;
  const both = parties.every(({ operation }) => operation !== null);
  if (region === undefined && both && kind !== undefined) return { ...unknown, kind };
  return region === undefined
    ? null
    : { ...unknown, kind: 'host', ...(region.part === undefined ? {} : { part: region.part }) };
}

/** Growth copies what is in a memory or a table: that is an access of its extent. */
function grown(cell: HostCell | null, parties: readonly HostRaceParty[]): HostCell | null {
  const grows = (name: string): boolean => parties.some(({ operation }) => operation === name);
  if (cell?.kind === 'memory' && grows('MemoryGrow')) return { ...cell, kind: 'memory.grow', start: 0, end: 0 };
  if (cell?.kind === 'table' && grows('TableGrow')) return { ...cell, kind: 'table.grow', start: 0, end: 0 };
  return cell;
}

function cellOf({ kind, index, instance, part, start, end, unit }: Region, addresses: readonly number[]): HostCell {
  const within = addresses.filter((address) => address >= start && address < end);
  const counted = (bytes: number): number[] => within.map((address) => Math.floor((address - start) / bytes));
  const ranged = kind === 'memory' || kind === 'table';
  const cell = {
    kind,
    index: !ranged && unit !== undefined ? index + counted(unit)[0] : index,
    instance,
    // Both halves of a vector are the global.
    ...(part === undefined || kind === 'global' ? {} : { part }),
  };
  if (!ranged) return { ...cell, start: 0, end: 0 };
  const units = counted(unit ?? (kind === 'memory' ? 1 : REFERENCE_BYTES));
  return { ...cell, start: Math.min(...units), end: Math.max(...units) + 1 };
}

/** A slot of a table is a `uintptr`; the race detector exists on 64-bit machines only. */
const REFERENCE_BYTES = 8;

/** Equal races counted; ranges of a memory that touch are one. */
function counted(races: readonly HostRace[]): HostRace[] {
  const groups = new Map<string, HostRace[]>();
  for (const one of races) {
    const { cell, a, b } = one;
    const where = cell === null ? '' : [cell.kind, cell.index, cell.instance, cell.part ?? ''].join(' ');
    const key = `${where}|${partyKey(a)}|${partyKey(b)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap(merged).sort((x, y) => y.reports - x.reports);
}

/** The races of one group, one for each range of addresses or slots. */
function merged(group: readonly HostRace[]): HostRace[] {
  const done: HostRace[] = [];
  for (const one of [...group].sort((x, y) => (x.cell?.start ?? 0) - (y.cell?.start ?? 0))) {
    const last = done.at(-1);
    const gap = one.cell?.kind === 'memory' ? GAP : 0;
    if (last === undefined || (one.cell !== null && last.cell !== null && one.cell.start > last.cell.end + gap)) {
      done.push({ ...one, cell: one.cell === null ? null : { ...one.cell } });
      continue;
    }
    last.reports += one.reports;
    if (last.cell !== null && one.cell !== null) last.cell.end = Math.max(last.cell.end, one.cell.end);
  }
  return done;
}
