/** What calls do through their arguments: the entries of the callee's summary, at the caller's values. */
import { Base } from '../abstractValue.ts';
import type { EffectTable } from '../effectTable.ts';
import { U32List } from '../growable.ts';
import type { CallGraph } from '../model.ts';
import { CallColumn, type ScanResult } from '../scanContext.ts';
import type { CallValues } from './callValues.ts';
import type { Emission } from './emission.ts';
import { ANYTHING, NOWHERE, type PlaceSets } from './placeSets.ts';
import type { Substitution } from './substitution.ts';
import type { Summary } from './summary.ts';
import { NO_ENTRY, type SummaryEntries } from './summaryEntries.ts';
import type { WorkBudget } from './workBudget.ts';

/** What the effects of calls are made from. */
interface CallEffectsParts {
  scan: ScanResult;
  graph: CallGraph;
  summaries: readonly (Summary | undefined)[];
  entries: SummaryEntries;
  sets: PlaceSets;
  substitution: Substitution;
  values: CallValues;
  emission: Emission;
  budget: WorkBudget;
}

/** Follows one call after the other; rows of calls are those of the scan. */
export class CallEffects {
  private readonly scan: ScanResult;
  private readonly table: EffectTable;
  private readonly functions: number;
  /** Number of imported functions. */
  private readonly imported: number;
  private readonly summaries: readonly (Summary | undefined)[];
  private readonly entries: SummaryEntries;
  private readonly sets: PlaceSets;
  private readonly substitution: Substitution;
  private readonly values: CallValues;
  private readonly emission: Emission;
  private readonly budget: WorkBudget;
  /** Forms of accesses of which an argument of the call in hand is an index that is added to something. */
  private readonly indexed: number[] = [];
  /** Entries of the callee in hand, each with the list of what it does at the argument. */
  private readonly passing = new U32List();

  constructor(parts: CallEffectsParts) {
    const { scan, graph } = parts;
    this.scan = scan;
    this.table = scan.table;
    this.functions = graph.functions;
    this.imported = scan.hostCall.length;
    this.summaries = parts.summaries;
    this.entries = parts.entries;
    this.sets = parts.sets;
    this.substitution = parts.substitution;
    this.values = parts.values;
    this.emission = parts.emission;
    this.budget = parts.budget;
  }

  /** A call: what the callee does through its parameters, at the arguments. */
  follow(at: number, over: boolean): void {
    const calls = this.scan.symbolic.calls.items;
    const target = calls[at + CallColumn.target];
    const callee = this.summaries[target];
    // What the host does in a direct call are facts of the caller.
    if (callee === undefined || callee.size === 0 || target < this.imported) return;
    const args = calls[at + CallColumn.args];
    const params = args < 0 || over ? 0 : calls[at + CallColumn.params];
    const kept = this.values.keptBy(target, callee);
    this.emission.come(calls[at + CallColumn.site], target, 0, target < this.functions);
    this.indexed.length = 0;
    for (let bits = callee.parameters; bits !== 0; bits &= bits - 1) {
      const parameter = 31 - Math.clz32(bits & -bits);
      const places =
        parameter < params
          ? this.values.unleaked(this.values.argument(args + parameter), (kept & (bits & -bits)) !== 0)
          : ANYTHING;
      // Summaries have no use for others.
      if (!this.emission.makesFacts && !this.sets.isRelative(places)) continue;
      this.budget.steps++;
      this.passed(this.substitution.argument(target, callee, parameter, places));
      if (!callee.hasLengths) continue;
      const { entries } = this;
      for (let entry = callee.first; entry !== NO_ENTRY; entry = entries.next(entry)) {
        const whole = entries.whole(entry);
        const { length } = this.table.effects[whole];
        if (entries.parameter(entry) !== parameter || length < 0) continue;
        const lengths = length < params ? this.values.argument(args + length) : ANYTHING;
        this.emitAll(entry, this.substitution.substitute(whole, places, lengths));
      }
    }
  }

  /** An argument: `list` says what the callee does with it. */
  private passed(list: number): void {
    const { substitution } = this;
    const size = substitution.accessCount(list);
    for (let k = 0; k < size; k++) this.emission.noteOf(substitution.entryAt(list, k), substitution.effectAt(list, k));
    for (let k = 0; k < substitution.indexCount(list); k++) this.isIndex(substitution.indexAt(list, k));
  }

  private emitAll(entry: number, list: number): void {
    const { substitution } = this;
    for (let k = 0; k < substitution.size(list); k++) this.emission.noteOf(entry, substitution.at(list, k));
    if (substitution.isIndexed(list)) this.isIndex(entry);
  }

  /** An argument is an index that is added to something. */
  private isIndex(entry: number): void {
    const { form } = this.table.effects[this.entries.whole(entry)];
    // Two indices that are added to each other are an address after all.
    if (this.indexed.includes(form)) this.emission.noteOf(entry, this.table.at(form, Base.Unknown));
    else this.indexed.push(form);
  }

  /** A call of a node that is followed again: what is new of the callee, or at arguments that are new. */
  followAgain(at: number, since: number, areValuesNew: boolean, areLeaksNew: boolean): void {
    const calls = this.scan.symbolic.calls.items;
    const target = calls[at + CallColumn.target];
    const callee = this.summaries[target];
    if (callee === undefined || callee.size === 0 || target < this.imported) return;
    const isCalleeNew = callee.changedAt >= since;
    if (!isCalleeNew && !areValuesNew && !areLeaksNew) return;
    if (areLeaksNew || callee.hasLengths) {
      this.follow(at, false);
      return;
    }
    const args = calls[at + CallColumn.args];
    const params = args < 0 ? 0 : calls[at + CallColumn.params];
    const kept = this.values.keptBy(target, callee);
    this.emission.come(calls[at + CallColumn.site], target, 0, target < this.functions);
    for (let bits = callee.parameters; bits !== 0; bits &= bits - 1) {
      const parameter = 31 - Math.clz32(bits & -bits);
      // Summaries have no use for what is done to anything.
      if (parameter >= params) continue;
      let isArgumentNew = areValuesNew && this.values.isNew(args + parameter);
      if (!isArgumentNew && !isCalleeNew) continue;
      const given = this.values.argument(args + parameter);
      isArgumentNew ||= callee.keptChangedAt >= since && this.sets.hasFresh(given);
      const places = this.values.unleaked(given, (kept & (bits & -bits)) !== 0);
      if (!this.sets.isRelative(places)) continue;
      this.budget.steps++;
      // Which arguments are indices is a question of all of them.
      if (!isArgumentNew && callee.entriesChangedAt < since) continue;
      if (this.passAgain(callee, parameter, places, isArgumentNew ? 0 : since)) continue;
      this.follow(at, false);
      return;
    }
  }

  /** What the callee does through a parameter since a time; false if the argument may be an index. */
  private passAgain(callee: Summary, parameter: number, places: number, since: number): boolean {
    const { entries, substitution, passing } = this;
    passing.length = 0;
    for (let entry = callee.first; entry !== NO_ENTRY; entry = entries.next(entry)) {
      if (entries.changedAt(entry) < since || entries.parameter(entry) !== parameter) continue;
      const list = substitution.substitute(entries.whole(entry), places, NOWHERE);
      if (substitution.isIndexed(list)) return false;
      passing.push(entry);
      passing.push(list);
    }
    this.budget.steps += passing.length >> 1;
    for (let i = 0; i < passing.length; i += 2) {
      const list = passing.at(i + 1);
      const size = substitution.size(list);
      for (let k = 0; k < size; k++) this.emission.noteOf(passing.at(i), substitution.at(list, k));
    }
    return true;
  }
}
