/** Collects the races of executions, each once. */
import { operationName } from '../instrument/sites.ts';
import { type HistoryListener, type RaceEvent, type TouchedKind, touchedKind } from '../run/history.ts';
import type { MemoryState } from '../run/memoryState.ts';
import { touchText } from '../run/touchText.ts';
import type { TrackedCell } from '../run/trackedCell.ts';
import type { Session } from '../session/session.ts';
import { type Encounter, hostHazardOf } from './hostHazards.ts';
import type { HostHazardReport, RaceKind, RaceParty, RaceReport } from './result.ts';

/** Different races that are kept. */
const MAX_RACES = 200;

/** A race that is not confirmed yet; `key` is equal for races of one kind between the same two sites. */
export interface FoundRace extends Omit<RaceReport, 'schedule' | 'kind'> {
  key: string;
  /** The same as a number, of races of one kind. */
  pair: number;
  /** `ref.func`: state of the host alone. */
  kind: RaceKind | 'ref.func';
  /** What it does to the host. */
  hostHazard: Pick<HostHazardReport, 'kind' | 'text'> | undefined;
}

/** Receives races from the history. */
export class RaceCollector implements HistoryListener {
  /** Races that were not known before this execution. */
  fresh: FoundRace[] = [];
  /** Keys of all races of this execution; of one that explores, without those that are kept already. */
  readonly seen = new Set<string>();
  private readonly known = new Set<string>();
  private readonly knownPairs = new Map<TouchedKind, Set<number>>();
  private deferred: readonly FoundRace[] = [];
  private explores = false;
  private readonly keys = new WeakMap<RaceReport | HostHazardReport, string>();
  private session: Pick<Session, 'instrumented' | 'module' | 'profile' | 'model'> | undefined;
  /** More races than are kept. */
  overflow = false;

  /** What the events are about: to be called before the first one. */
  attach(session: Pick<Session, 'instrumented' | 'module' | 'profile' | 'model'>): void {
    this.session = session;
  }

  /** Before each execution. @param explores it is run for what is not known yet */
  begin(explores: boolean): void {
    this.explores = explores;
    if (this.fresh.length > 0) this.fresh = [];
    if (this.seen.size > 0) this.seen.clear();
  }

  ignores(kind: TouchedKind, pair: number): boolean {
    return this.explores && this.knownPairs.get(kind)?.has(pair) === true;
  }

  race(
    state: MemoryState | TrackedCell,
    range: { start: number; end: number },
    earlier: RaceEvent,
    later: RaceEvent,
    pair: number,
  ): void {
    const kind = touchedKind(state);
    const [low, high] = earlier.site <= later.site ? [earlier, later] : [later, earlier];
    const key = `${kind} ${low.site} ${high.site} ${low.write ? 'w' : 'r'}${high.write ? 'w' : 'r'}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.known.has(key)) return;
    if (this.known.size + this.fresh.length >= MAX_RACES) {
      this.overflow = true;
      return;
    }
    const [a, b] = [this.party(earlier), this.party(later)];
    const hostHazard = this.hostHazard({ kind, a, b }, earlier.write ? earlier.site : later.site);
    this.fresh.push({ key, pair, kind, cell: touchText({ state, ...range }), a, b, hostHazard });
  }

  /** Whether a race is among those that are kept. */
  isKnown = ({ key }: FoundRace): boolean => this.known.has(key);

  /** Does not collect races again until `release`. */
  defer(races: readonly FoundRace[]): void {
    this.deferred = [...this.deferred, ...races];
    for (const race of races) this.learn(race);
  }

  /** Collects again what was deferred. */
  release(): void {
    for (const { key, kind, pair } of this.deferred) {
      this.known.delete(key);
      this.knownPairs.get(kind)?.delete(pair);
    }
    this.deferred = [];
    this.overflow = false;
  }

  private learn({ key, kind, pair }: FoundRace): void {
    this.known.add(key);
    const pairs = this.knownPairs.get(kind) ?? new Set();
    this.knownPairs.set(kind, pairs.add(pair));
  }

  /** Forgets all races, for another exploration. */
  forget(): void {
    this.deferred = [];
    this.known.clear();
    this.knownPairs.clear();
    this.overflow = false;
  }

  /** Adds a race to what was found; one of the host's own state is a host hazard alone. It is not collected again. */
  keep(
    race: FoundRace,
    { races, hostHazards }: { races: RaceReport[]; hostHazards: HostHazardReport[] },
    schedule: string,
  ): void {
    this.learn(race);
    const { key, kind, cell, a, b, hostHazard } = race;
    if (hostHazard !== undefined) {
      const report = { ...hostHazard, cell, a, b, schedule };
      this.keys.set(report, key);
      hostHazards.push(report);
    }
    if (kind === 'ref.func') return;
    const report = { kind, cell, a, b, schedule };
    this.keys.set(report, key);
    races.push(report);
  }

  /** Whether the last execution showed what is reported. */
  showed = (report: RaceReport | HostHazardReport): boolean => this.seen.has(this.keys.get(report) ?? '');

  /** `writer`: site of the party that writes, which says what state it is about. */
  private hostHazard(meeting: Omit<Encounter, 'shared'>, writer: number): FoundRace['hostHazard'] {
    // On one thread no operation is interrupted in the middle.
    if (this.session === undefined || this.session.model === 'cooperative') return undefined;
    const { module, profile, instrumented } = this.session;
    const memory = meeting.kind === 'memory.grow' ? module.memories[instrumented.sites.index[writer]] : undefined;
    const kind = hostHazardOf({ ...meeting, shared: memory?.limits.shared === true }, profile);
    const known = kind && profile.hostHazards[kind];
    return known && { kind, text: known.text };
  }

  private party({ caller, call, site, write, atomic }: RaceEvent): RaceParty {
    const { sites } = (this.session as NonNullable<typeof this.session>).instrumented;
    const base = write ? 'write' : 'read';
    return {
      caller,
      call,
      func: sites.func[site] ?? -1,
      offset: sites.offset[site] ?? -1,
      access: atomic ? `atomic-${base}` : base,
      op: operationName(sites, site),
    };
  }
}
