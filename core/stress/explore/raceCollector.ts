/** Collects the races of executions, each once. */
import { MNEMONIC } from '../../wasm/instructions.ts';
import type { Sites } from '../instrument/sites.ts';
import type { HistoryListener, RaceEvent } from '../run/history.ts';
import { MemoryState } from '../run/memoryState.ts';
import type { Strategy } from '../run/strategy.ts';
import { touchText } from '../run/traceRows.ts';
import type { TrackedCell } from '../run/trackedCell.ts';
import type { RaceKind, RaceParty, RaceReport } from './result.ts';

/** Different races that are kept. */
const MAX_RACES = 200;

/** A race that is not confirmed yet; `key` is equal for races of one kind between the same two sites. */
export interface FoundRace extends Omit<RaceReport, 'schedule'> {
  key: string;
}

/** Receives races and reversible pairs of operations from the history. */
export class RaceCollector implements HistoryListener {
  /** Races that were not known before this execution. */
  fresh: FoundRace[] = [];
  /** Keys of all races of this execution. */
  readonly seen = new Set<string>();
  private readonly known = new Set<string>();
  strategy: Strategy | undefined;
  sites: Sites | undefined;
  /** More races than are kept. */
  overflow = false;

  begin(): void {
    this.fresh = [];
    this.seen.clear();
  }

  reversible(node: number, first: number): void {
    this.strategy?.reversible?.(node, first);
  }

  race(
    state: MemoryState | TrackedCell,
    range: { start: number; end: number },
    earlier: RaceEvent,
    later: RaceEvent,
  ): void {
    const kind: RaceKind = state instanceof MemoryState ? 'memory' : state.kind;
    const [low, high] = earlier.site <= later.site ? [earlier, later] : [later, earlier];
    const key = `${kind} ${low.site} ${high.site} ${low.write ? 'w' : 'r'}${high.write ? 'w' : 'r'}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.known.has(key)) return;
    if (this.known.size + this.fresh.length >= MAX_RACES) {
      this.overflow = true;
      return;
    }
    this.fresh.push({ key, kind, cell: touchText({ state, ...range }), a: this.party(earlier), b: this.party(later) });
  }

  /** Forgets all races, for another exploration. */
  forget(): void {
    this.known.clear();
    this.overflow = false;
  }

  /** The race is reported and is not collected again. */
  keep(race: FoundRace): void {
    this.known.add(race.key);
  }

  private party({ caller, call, site, write, atomic }: RaceEvent): RaceParty {
    const sites = this.sites as Sites;
    const base = write ? 'write' : 'read';
    return {
      caller,
      call,
      func: sites.func[site] ?? -1,
      offset: sites.offset[site] ?? -1,
      access: atomic ? `atomic-${base}` : base,
      op: MNEMONIC[sites.op[site]] ?? '',
    };
  }
}
