/**
 * Puts effects together over calls: every function gets a summary of what it does through its parameters, callees before
 * callers, and every call becomes accesses of the caller, with its arguments in place of the parameters. What calls do to
 * other state stands in the callees; the closure over the call graph finds it there.
 *
 * A component of functions that call each other is gone through until nothing changes; intervals that grow are widened.
 * When the budget is used up, what is left is at unknown addresses.
 */
import type { Allocators } from '../allocators.ts';
import type { EffectTable } from '../effectTable.ts';
import type { CallGraph } from '../model.ts';
import { CALL_COLUMNS, CallColumn, OPEN_COLUMNS, OpenColumn, type ScanResult } from '../scanContext.ts';
import type { AllocatorInsides } from './allocatorInsides.ts';
import { CallEffects } from './callEffects.ts';
import { CallValues } from './callValues.ts';
import type { Components } from './components.ts';
import { type DerivedFacts, HERE } from './derivedFacts.ts';
import { Emission } from './emission.ts';
import { ALL_PARAMETERS } from './parameterBits.ts';
import { ANYTHING, type Layout, PlaceSets } from './placeSets.ts';
import { type ReverseEdges, reversedEdges } from './reverseEdges.ts';
import { Substitution } from './substitution.ts';
import { Summary } from './summary.ts';
import { NO_ENTRY, SummaryEntries } from './summaryEntries.ts';
import { WorkBudget } from './workBudget.ts';

/** Evaluations and substitutions of a module, beyond which nothing is put together. */
const MOST_STEPS = 40_000_000;
/** The same for a component of functions that call each other, for each member and in total. */
const MOST_ROUNDS = 12;
const WIDEN_FROM = 3;

/** Derives the facts of all nodes of `graph`. */
export function deriveFacts(
  scan: ScanResult,
  graph: CallGraph,
  components: Components,
  layout: Layout,
  blocks: Allocators,
  insides: AllocatorInsides,
  mostSteps = MOST_STEPS,
): DerivedFacts {
  return new BottomUp(scan, graph, layout, blocks, insides, mostSteps).run(components);
}

/** What of the summaries of its callees a node has not followed yet, as bits. */
const Pending = { Entries: 1, Returns: 2, Kept: 4 } as const;

class BottomUp {
  private readonly scan: ScanResult;
  private readonly graph: CallGraph;
  private readonly table: EffectTable;
  private readonly unread: ReadonlySet<number>;
  /** Number of imported functions. */
  private readonly imported: number;
  private readonly summaries: (Summary | undefined)[];
  private readonly entries: SummaryEntries;
  private readonly sets: PlaceSets;
  private readonly values: CallValues;
  private readonly substitution: Substitution;
  private readonly emission: Emission;
  private readonly calls: CallEffects;
  private readonly budget: WorkBudget;
  /** When the node in hand was followed last, if it is followed again. */
  private since = 0;
  private unfinished = 0;
  /** Summary of the node in hand. */
  private summary: Summary;
  /** Visits of nodes so far, and by node the last one. */
  private time = 0;
  private readonly followedAt: Uint32Array;
  /** By node: what it has to follow again, `Pending`. */
  private readonly pending: Uint8Array;
  private callers: ReverseEdges | undefined;
  /** By node: whether the values of its symbols are those that its callees give now. */
  private readonly evaluated: Uint8Array;

  constructor(
    scan: ScanResult,
    graph: CallGraph,
    layout: Layout,
    blocks: Allocators,
    insides: AllocatorInsides,
    mostSteps: number,
  ) {
    this.scan = scan;
    this.graph = graph;
    this.table = scan.table;
    this.unread = new Set(scan.unknownFunctions);
    this.imported = scan.hostCall.length;
    this.summaries = new Array(graph.nodes).fill(undefined);
    this.followedAt = new Uint32Array(graph.nodes);
    this.pending = new Uint8Array(graph.nodes);
    this.evaluated = new Uint8Array(graph.nodes);
    this.budget = new WorkBudget(scan.table, mostSteps);
    this.sets = new PlaceSets(layout);
    this.entries = new SummaryEntries(scan.table);
    this.substitution = new Substitution(this.entries, this.sets, layout);
    this.values = new CallValues(scan, this.sets, blocks, insides, this.summaries);
    this.emission = new Emission(scan.table, this.entries, insides, graph.nodes);
    this.summary = this.emission.summary;
    const { summaries, entries, sets, substitution, values, emission, budget } = this;
    this.calls = new CallEffects({ scan, graph, summaries, entries, sets, substitution, values, emission, budget });
  }

  run({ nodes, start }: Components): DerivedFacts {
    for (let i = 0; i + 1 < start.length; i++) {
      const members = nodes.subarray(start[i], start[i + 1]);
      const single = members.length === 1 && !this.callsItself(members[0]);
      const finished = single || this.settle(members);
      this.emission.isSettled = !single && finished && !this.budget.isOver();
      for (const node of members) {
        this.emission.facts.begin(node);
        this.follow(node, true, finished);
        this.emission.facts.finish(node);
      }
      this.emission.isSettled = false;
    }
    return this.emission.facts.facts(this.unfinished);
  }

  private callsItself(node: number): boolean {
    const { start, target } = this.graph;
    for (let e = start[node]; e < start[node + 1]; e++) if (target[e] === node) return true;
    return false;
  }

  /** Goes through functions that call each other until nothing changes; false if the budget ends before. */
  private settle(members: Uint32Array): boolean {
    for (const node of members) this.summaries[node] = new Summary(this.entries);
    for (let round = 0; ; round++) {
      let changed = false;
      for (const node of members) {
        const pending = this.pending[node];
        if (round > 0 && pending === 0) continue;
        if (this.budget.isOver()) return false;
        this.pending[node] = 0;
        const summary = this.summaries[node] as Summary;
        const since = this.followedAt[node];
        this.followedAt[node] = summary.time = ++this.time;
        summary.widening = round >= WIDEN_FROM;
        if (round === 0) this.follow(node, false, true);
        else this.followAgain(node, since, pending);
        if (summary.changedAt !== this.time) continue;
        changed = true;
        this.tellCallers(node, summary);
      }
      if (!changed) return true;
      if (round >= MOST_ROUNDS && this.budget.isAdvanced()) return false;
    }
  }

  /** The callers of a node that changed in this visit have to follow it again. */
  private tellCallers(node: number, summary: Summary): void {
    this.callers ??= reversedEdges(this.graph);
    const { start, caller } = this.callers;
    let pending: number = Pending.Entries;
    if (summary.returnsChangedAt === this.time) pending |= Pending.Returns;
    if (summary.keptChangedAt === this.time) pending |= Pending.Kept;
    for (let e = start[node]; e < start[node + 1]; e++) this.pending[caller[e]] |= pending;
  }

  private begin(node: number, emit: boolean): void {
    this.values.node = node;
    this.substitution.relativeOnly = !emit;
    this.emission.begin(node, emit);
  }

  /** From here on, what is found of the node in hand goes into this summary. */
  private into(summary: Summary): void {
    this.summary = summary;
    this.emission.summary = summary;
  }

  /**
   * Follows a node again of which callees do more than at time `since`, when it was followed last. What it has found since
   * then stands in its summary; only what is new is looked at.
   */
  private followAgain(node: number, since: number, pending: number): void {
    this.begin(node, false);
    this.since = since;
    this.into(this.summaries[node] as Summary);
    if (node >= this.graph.functions) {
      this.followTargets(node, false, since);
      return;
    }
    const { symbolic } = this.scan;
    let areValuesNew = false;
    let areLeaksNew = false;
    if (pending !== Pending.Entries) {
      if ((pending & Pending.Returns) !== 0) {
        this.values.symbols.steps = 0;
        const end = symbolic.symbolStart[node + 1];
        areValuesNew = this.values.symbols.evaluateAgain(symbolic.symbolStart[node], end, this.returnsMore);
        this.budget.steps += this.values.symbols.steps;
      }
      areLeaksNew = areValuesNew
        ? this.values.leaks.find(node, this.summary)
        : this.values.leaks.findMore(node, this.summary, since, (pending & Pending.Returns) !== 0);
    }
    if (areValuesNew || areLeaksNew) {
      const open = symbolic.open.items;
      for (let r = symbolic.openStart[node]; r < symbolic.openStart[node + 1]; r++)
        if (areLeaksNew || this.values.symbols.isNew(open[r * OPEN_COLUMNS + OpenColumn.base]))
          this.openAccess(r * OPEN_COLUMNS, false);
    }
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++)
      this.calls.followAgain(r * CALL_COLUMNS, since, areValuesNew, areLeaksNew);
    if (areValuesNew || areLeaksNew) this.returnValue(node, false);
  }

  /** Whether call `row` may return more than when the node in hand was followed last. */
  private readonly returnsMore = (row: number): boolean => {
    const at = row * CALL_COLUMNS;
    const calls = this.scan.symbolic.calls.items;
    const callee = this.summaries[calls[at + CallColumn.target]];
    if (callee !== undefined && callee.returnsChangedAt >= this.since) return true;
    const args = calls[at + CallColumn.args];
    if (args < 0) return false;
    const end = args + calls[at + CallColumn.params];
    for (let operand = args; operand < end; operand++) if (this.values.isNew(operand)) return true;
    return false;
  };

  /**
   * Finds what node `node` does through its parameters and at addresses that had to be evaluated. `emit`: notes the
   * accesses, too. Without `finished` everything is at unknown addresses.
   */
  private follow(node: number, emit: boolean, finished: boolean): void {
    this.begin(node, emit);
    const over = !finished || this.budget.isOver();
    if (over && emit && node < this.graph.functions && node >= this.imported) this.unfinished++;
    let { [node]: summary } = this.summaries;
    if (over) this.emission.isSettled = false;
    if (over && emit) {
      summary = new Summary(this.entries);
      summary.kept = ALL_PARAMETERS;
      summary.returns = ANYTHING;
    }
    summary ??= new Summary(this.entries);
    this.into(summary);
    this.summaries[node] = summary;
    if (node >= this.graph.functions) this.followTargets(node, over);
    else this.followBody(node, over);
    if (node < this.imported) this.becomesUnknown();
  }

  /** The node in hand may return and keep anything. */
  private becomesUnknown(): void {
    this.summary.returned(ANYTHING, this.sets);
    this.summary.keeps(ALL_PARAMETERS);
  }

  /** An indirect call does what one of its targets does. */
  private followTargets(node: number, over: boolean, since = 0): void {
    const { start, target, virtual } = this.graph;
    const { entries, sets, summary, table } = this;
    if (virtual[node - this.graph.functions].kind === 'host-unknown') this.becomesUnknown();
    for (let e = start[node]; e < start[node + 1]; e++) {
      const callee = this.summaries[target[e]];
      if (callee === undefined || callee.changedAt < since) continue;
      if (callee.returnsChangedAt >= since) summary.returned(sets.freshAs(callee.returns, 0), sets);
      summary.keeps(callee.kept);
      if (callee.entriesChangedAt < since) continue;
      for (let entry = callee.first; entry !== NO_ENTRY; entry = entries.next(entry)) {
        if (entries.changedAt(entry) < since) continue;
        this.budget.steps++;
        const whole = entries.whole(entry);
        if (over) this.emission.noteUnknown(table.effects[whole], 0, target[e], entries.origin(entry), false);
        else this.emission.note(whole, 0, target[e], entries.origin(entry), false);
      }
    }
  }

  private followBody(node: number, over: boolean): void {
    const { scan, table, summary } = this;
    const { symbolic } = scan;
    for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++) {
      const id = scan.factEffect[i];
      if (table.relative[id] === 0) continue;
      const raw = table.effects[id];
      if (!over && summary.add(id, true)) continue;
      // The fact of the function stands, and so does the same access anywhere.
      if (this.emission.makesFacts) this.emission.noteUnknown(raw, scan.factSite[i], HERE, 0, true);
    }
    if (!over && this.evaluated[node] === 0) {
      this.values.symbols.steps = 0;
      this.values.symbols.evaluate(symbolic.symbolStart[node], symbolic.symbolStart[node + 1]);
      this.budget.steps += this.values.symbols.steps;
      this.values.leaks.find(node, summary);
      this.evaluated[node] = 1;
    }
    for (let r = symbolic.openStart[node]; r < symbolic.openStart[node + 1]; r++)
      this.openAccess(r * OPEN_COLUMNS, over);
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++)
      this.calls.follow(r * CALL_COLUMNS, over);
    this.returnValue(node, over);
  }

  private returnValue(node: number, over: boolean): void {
    const { returns } = this.scan.symbolic;
    const base = returns[2 * node];
    if (base >= 0) {
      const places = over ? ANYTHING : this.values.unleaked(this.values.symbols.of(base, returns[2 * node + 1]));
      this.summary.returned(this.sets.freshAs(places, 0), this.sets);
    } else if (this.unread.has(node)) this.becomesUnknown();
  }

  /** An access of the function whose address is symbolic. */
  private openAccess(at: number, over: boolean): void {
    this.budget.steps++;
    const open = this.scan.symbolic.open.items;
    const value = over ? ANYTHING : this.values.symbols.of(open[at + OpenColumn.base], open[at + OpenColumn.value]);
    // Summaries have no use for others.
    if (!this.emission.makesFacts && !this.sets.isRelative(value)) return;
    this.emission.come(open[at + OpenColumn.site], HERE, 0, true);
    const places = this.values.unleaked(value);
    const list = this.substitution.access(open[at + OpenColumn.form], places, open[at + OpenColumn.width]);
    const size = this.substitution.size(list);
    for (let k = 0; k < size; k++) this.emission.noteHere(this.substitution.at(list, k));
  }
}
