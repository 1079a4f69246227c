/**
 * Puts effects together over calls: every function gets a summary of what it does through its parameters, callees before
 * callers, and every call becomes accesses of the caller, with its arguments in place of the parameters. What calls do to
 * other state stands in the callees; the closure over the call graph finds it there.
 *
 * A component of functions that call each other is gone through until nothing changes; intervals that grow are widened.
 * When the budget is used up, what is left is at unknown addresses.
 */
import { BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import type { Allocators } from '../allocators.ts';
import type { EffectTable, RawEffect } from '../effectTable.ts';
import { U32List } from '../growable.ts';
import type { CallGraph } from '../model.ts';
import { CALL_COLUMNS, CallColumn, OPEN_COLUMNS, OpenColumn, type ScanResult } from '../scanContext.ts';
import { OPERAND_COLUMNS } from '../symbols.ts';
import type { AllocatorInsides } from './allocatorInsides.ts';

import type { Components } from './components.ts';
import { type DerivedFacts, FactLists, HERE } from './derivedFacts.ts';
import { Leaks } from './leaks.ts';
import { ALL_PARAMETERS, MOST_PARAMETERS } from './parameterBits.ts';
import { ANYTHING, type Layout, NOWHERE, PlaceSets } from './placeSets.ts';
import { type ReverseEdges, reversedEdges } from './reverseEdges.ts';
import { Substitution } from './substitution.ts';
import { Summary } from './summary.ts';
import { NO_ENTRY, SummaryEntries } from './summaryEntries.ts';
import { SymbolValues } from './symbolValues.ts';

/** Evaluations and substitutions of a module, beyond which nothing is put together. */
const MOST_STEPS = 40_000_000;
/** Accesses that calls may add to those of the scan: each takes memory. */
const MOST_EFFECTS = 200_000;
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

/** What allocators do with a call: `Roles` of each node. */
const Role = { Allocates: 1, Reallocates: 2, Frees: 4 } as const;

class BottomUp {
  private readonly scan: ScanResult;
  private readonly graph: CallGraph;
  private readonly table: EffectTable;
  private readonly insides: AllocatorInsides;
  private readonly roles: Uint8Array;
  private readonly unread: ReadonlySet<number>;
  private readonly mostSteps: number;
  /** Number of accesses that the scan told apart. */
  private readonly scanned: number;
  private readonly summaries: (Summary | undefined)[];
  private readonly entries: SummaryEntries;
  private readonly sets: PlaceSets;
  private readonly values: SymbolValues;
  private readonly leaks: Leaks;
  private readonly substitution: Substitution;
  private readonly facts: FactLists;
  private seen = new Uint32Array(1024);
  private serial = 0;
  /** When the node in hand was followed last, if it is followed again. */
  private since = 0;
  private steps = 0;
  private unfinished = 0;
  /** State of the node in hand; it may be one of an allocator. */
  private node = 0;
  private summary: Summary;
  private isAllocator = false;
  private emitting = false;
  /** It is one of functions that call each other, and these have been followed until nothing changed. */
  private isSettled = false;
  /** Where the accesses that are being made come from: offset, node and effect there, by direct calls alone. */
  private currentSite = 0;
  private currentOrigin = 0;
  private currentEffect = 0;
  private currentDirect = true;
  /** Forms of accesses of which an argument of the call in hand is an index that is added to something. */
  private readonly indexed: number[] = [];
  /** Entries of the callee in hand, each with the list of what it does at the argument. */
  private readonly passing = new U32List();
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
    this.insides = insides;
    this.scan = scan;
    this.graph = graph;
    this.table = scan.table;
    this.mostSteps = mostSteps;
    this.roles = rolesOf(blocks, graph.nodes);
    this.unread = new Set(scan.unknownFunctions);
    this.summaries = new Array(graph.nodes).fill(undefined);
    this.scanned = scan.table.effects.length;
    this.followedAt = new Uint32Array(graph.nodes);
    this.pending = new Uint8Array(graph.nodes);
    this.evaluated = new Uint8Array(graph.nodes);
    this.facts = new FactLists(graph.nodes);
    const { symbolic } = scan;
    this.sets = new PlaceSets(layout);
    this.entries = new SummaryEntries(scan.table);
    this.summary = new Summary(this.entries);
    this.substitution = new Substitution(this.entries, this.sets, layout);
    this.values = new SymbolValues(symbolic.symbols, this.sets, (row, symbol) => this.resultOf(row, symbol));
    this.leaks = new Leaks(symbolic, blocks, this.sets, this.values, this.summaries);
  }

  run({ nodes, start }: Components): DerivedFacts {
    for (let i = 0; i + 1 < start.length; i++) {
      const members = nodes.subarray(start[i], start[i + 1]);
      const single = members.length === 1 && !this.callsItself(members[0]);
      const finished = single || this.settle(members);
      this.isSettled = !single && finished && !this.isOver();
      for (const node of members) {
        this.facts.begin(node);
        this.follow(node, true, finished);
        this.facts.finish(node);
      }
      this.isSettled = false;
    }
    return this.facts.facts(this.unfinished);
  }

  /** Whether the budget is used up: of steps, or of accesses that are told apart. */
  private isOver(): boolean {
    return this.steps > this.mostSteps || this.table.effects.length - this.scanned > MOST_EFFECTS;
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
        if (this.isOver()) return false;
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
      if (round >= MOST_ROUNDS && this.steps > this.mostSteps / 4) return false;
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
    this.node = node;
    this.emitting = emit;
    this.substitution.relativeOnly = !emit;
    this.serial++;
    this.isAllocator = this.insides.functions.has(node);
  }

  /**
   * Follows a node again of which callees do more than at time `since`, when it was followed last. What it has found since
   * then stands in its summary; only what is new is looked at.
   */
  private followAgain(node: number, since: number, pending: number): void {
    this.begin(node, false);
    this.since = since;
    this.summary = this.summaries[node] as Summary;
    if (node >= this.graph.functions) {
      this.followTargets(node, false, since);
      return;
    }
    const { symbolic } = this.scan;
    let areValuesNew = false;
    let areLeaksNew = false;
    if (pending !== Pending.Entries) {
      if ((pending & Pending.Returns) !== 0) {
        this.values.steps = 0;
        const end = symbolic.symbolStart[node + 1];
        areValuesNew = this.values.evaluateAgain(symbolic.symbolStart[node], end, this.returnsMore);
        this.steps += this.values.steps;
      }
      areLeaksNew = areValuesNew
        ? this.leaks.find(node, this.summary)
        : this.leaks.findMore(node, this.summary, since, (pending & Pending.Returns) !== 0);
    }
    if (areValuesNew || areLeaksNew) {
      const open = symbolic.open.items;
      for (let r = symbolic.openStart[node]; r < symbolic.openStart[node + 1]; r++)
        if (areLeaksNew || this.values.isNew(open[r * OPEN_COLUMNS + OpenColumn.base]))
          this.openAccess(r * OPEN_COLUMNS, false);
    }
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++)
      this.callAgain(r * CALL_COLUMNS, areValuesNew, areLeaksNew);
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
    for (let operand = args; operand < end; operand++) if (this.isNew(operand)) return true;
    return false;
  };

  private isNew(operand: number): boolean {
    return this.values.isNew(this.scan.symbolic.symbols.operands.items[operand * OPERAND_COLUMNS]);
  }

  /** A call of a node that is followed again: what is new of the callee, or at arguments that are new. */
  private callAgain(at: number, areValuesNew: boolean, areLeaksNew: boolean): void {
    const calls = this.scan.symbolic.calls.items;
    const target = calls[at + CallColumn.target];
    const callee = this.summaries[target];
    if (callee === undefined || callee.size === 0 || target < this.imported()) return;
    const isCalleeNew = callee.changedAt >= this.since;
    if (!isCalleeNew && !areValuesNew && !areLeaksNew) return;
    if (areLeaksNew || callee.hasLengths) {
      this.call(at, false);
      return;
    }
    const args = calls[at + CallColumn.args];
    const params = args < 0 ? 0 : calls[at + CallColumn.params];
    const kept = this.keptBy(target, callee);
    this.come(calls[at + CallColumn.site], target, 0, target < this.graph.functions);
    for (let bits = callee.parameters; bits !== 0; bits &= bits - 1) {
      const parameter = 31 - Math.clz32(bits & -bits);
      // Summaries have no use for what is done to anything.
      if (parameter >= params) continue;
      let isArgumentNew = areValuesNew && this.isNew(args + parameter);
      if (!isArgumentNew && !isCalleeNew) continue;
      const given = this.argument(args + parameter);
      isArgumentNew ||= callee.keptChangedAt >= this.since && this.sets.hasFresh(given);
      const places = this.unleaked(given, (kept & (bits & -bits)) !== 0);
      if (!this.sets.isRelative(places)) continue;
      this.steps++;
      // Which arguments are indices is a question of all of them.
      if (!isArgumentNew && callee.entriesChangedAt < this.since) continue;
      if (this.passAgain(callee, parameter, places, isArgumentNew ? 0 : this.since)) continue;
      this.call(at, false);
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
    this.steps += passing.length >> 1;
    for (let i = 0; i < passing.length; i += 2) {
      const list = passing.at(i + 1);
      const size = substitution.size(list);
      for (let k = 0; k < size; k++) this.emitOf(passing.at(i), substitution.at(list, k));
    }
    return true;
  }

  /**
   * Finds what node `node` does through its parameters and at addresses that had to be evaluated. `emit`: notes the
   * accesses, too. Without `finished` everything is at unknown addresses.
   */
  private follow(node: number, emit: boolean, finished: boolean): void {
    this.begin(node, emit);
    const over = !finished || this.isOver();
    if (over && emit && node < this.graph.functions && node >= this.imported()) this.unfinished++;
    let { [node]: summary } = this.summaries;
    if (over) this.isSettled = false;
    if (over && emit) {
      summary = new Summary(this.entries);
      summary.kept = ALL_PARAMETERS;
      summary.returns = ANYTHING;
    }
    this.summary = summary ?? new Summary(this.entries);
    this.summaries[node] = this.summary;
    if (node >= this.graph.functions) this.followTargets(node, over);
    else this.followBody(node, over);
    if (node < this.imported()) this.becomesUnknown();
  }

  private imported(): number {
    return this.scan.hostCall.length;
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
        this.steps++;
        const whole = entries.whole(entry);
        if (over) this.emitUnknown(table.effects[whole], 0, target[e], entries.origin(entry), false);
        else this.emit(whole, 0, target[e], entries.origin(entry), false);
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
      if (this.emitting) this.emitUnknown(raw, scan.factSite[i], HERE, 0, true);
    }
    if (!over && this.evaluated[node] === 0) {
      this.values.steps = 0;
      this.values.evaluate(symbolic.symbolStart[node], symbolic.symbolStart[node + 1]);
      this.steps += this.values.steps;
      this.leaks.find(node, summary);
      this.evaluated[node] = 1;
    }
    for (let r = symbolic.openStart[node]; r < symbolic.openStart[node + 1]; r++)
      this.openAccess(r * OPEN_COLUMNS, over);
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++) this.call(r * CALL_COLUMNS, over);
    this.returnValue(node, over);
  }

  private returnValue(node: number, over: boolean): void {
    const { returns } = this.scan.symbolic;
    const base = returns[2 * node];
    if (base >= 0) {
      const places = over ? ANYTHING : this.unleaked(this.values.of(base, returns[2 * node + 1]));
      this.summary.returned(this.sets.freshAs(places, 0), this.sets);
    } else if (this.unread.has(node)) this.becomesUnknown();
  }

  /** An access of the function whose address is symbolic. */
  private openAccess(at: number, over: boolean): void {
    this.steps++;
    const open = this.scan.symbolic.open.items;
    const value = over ? ANYTHING : this.values.of(open[at + OpenColumn.base], open[at + OpenColumn.value]);
    // Summaries have no use for others.
    if (!this.emitting && !this.sets.isRelative(value)) return;
    this.come(open[at + OpenColumn.site], HERE, 0, true);
    const places = this.unleaked(value);
    this.emitList(this.substitution.access(open[at + OpenColumn.form], places, open[at + OpenColumn.width]));
  }

  private come(site: number, origin: number, effect: number, direct: boolean): void {
    this.currentSite = site;
    this.currentOrigin = origin;
    this.currentEffect = effect;
    this.currentDirect = direct;
  }

  private emitList(list: number): void {
    const size = this.substitution.size(list);
    for (let k = 0; k < size; k++) this.emitHere(this.substitution.at(list, k));
  }

  private emitHere(id: number): void {
    this.emit(id, this.currentSite, this.currentOrigin, this.currentEffect, this.currentDirect);
  }

  /** A call: what the callee does through its parameters, at the arguments. */
  private call(at: number, over: boolean): void {
    const calls = this.scan.symbolic.calls.items;
    const target = calls[at + CallColumn.target];
    const callee = this.summaries[target];
    // What the host does in a direct call are facts of the caller.
    if (callee === undefined || callee.size === 0 || target < this.imported()) return;
    const args = calls[at + CallColumn.args];
    const params = args < 0 || over ? 0 : calls[at + CallColumn.params];
    const kept = this.keptBy(target, callee);
    this.come(calls[at + CallColumn.site], target, 0, target < this.graph.functions);
    this.indexed.length = 0;
    for (let bits = callee.parameters; bits !== 0; bits &= bits - 1) {
      const parameter = 31 - Math.clz32(bits & -bits);
      const places =
        parameter < params ? this.unleaked(this.argument(args + parameter), (kept & (bits & -bits)) !== 0) : ANYTHING;
      // Summaries have no use for others.
      if (!this.emitting && !this.sets.isRelative(places)) continue;
      this.steps++;
      this.passed(this.substitution.argument(target, callee, parameter, places));
      if (!callee.hasLengths) continue;
      const { entries } = this;
      for (let entry = callee.first; entry !== NO_ENTRY; entry = entries.next(entry)) {
        const whole = entries.whole(entry);
        const { length } = this.table.effects[whole];
        if (entries.parameter(entry) !== parameter || length < 0) continue;
        const lengths = length < params ? this.argument(args + length) : ANYTHING;
        this.emitAll(entry, this.substitution.substitute(whole, places, lengths));
      }
    }
  }

  /** The arguments that a callee keeps; what a block is that is freed does not matter. */
  private keptBy(target: number, callee: Summary): number {
    return (this.roles[target] & (Role.Frees | Role.Reallocates)) !== 0 ? 0 : callee.kept;
  }

  /** An argument: `list` says what the callee does with it. */
  private passed(list: number): void {
    const { substitution } = this;
    const size = substitution.accessCount(list);
    for (let k = 0; k < size; k++) this.emitOf(substitution.entryAt(list, k), substitution.effectAt(list, k));
    for (let k = 0; k < substitution.indexCount(list); k++) this.isIndex(substitution.indexAt(list, k));
  }

  private emitAll(entry: number, list: number): void {
    const { substitution } = this;
    for (let k = 0; k < substitution.size(list); k++) this.emitOf(entry, substitution.at(list, k));
    if (substitution.isIndexed(list)) this.isIndex(entry);
  }

  /** An access that an entry of the callee leads to. */
  private emitOf(entry: number, id: number): void {
    const { entries } = this;
    const direct = this.currentDirect && entries.isDirect(entry);
    this.emit(id, this.currentSite, this.currentOrigin, entries.origin(entry), direct);
  }

  /** An argument is an index that is added to something. */
  private isIndex(entry: number): void {
    const { form } = this.table.effects[this.entries.whole(entry)];
    // Two indices that are added to each other are an address after all.
    if (this.indexed.includes(form)) this.emitOf(entry, this.table.at(form, Base.Unknown));
    else this.indexed.push(form);
  }

  private argument(operand: number): number {
    const { items } = this.scan.symbolic.symbols.operands;
    return this.values.of(items[operand * OPERAND_COLUMNS], items[operand * OPERAND_COLUMNS + 1]);
  }

  /** What a call returns, in terms of the function that calls. */
  private resultOf(row: number, symbol: number): number {
    const { items } = this.scan.symbolic.calls;
    const { sets } = this;
    const at = row * CALL_COLUMNS;
    const target = items[at + CallColumn.target];
    const args = items[at + CallColumn.args];
    const role = this.roles[target];
    if ((role & Role.Allocates) !== 0) return sets.one(packed(Base.Fresh, symbol), 0);
    if ((role & Role.Reallocates) !== 0) {
      // The block that is given, or another one in its place.
      const given = args < 0 ? ANYTHING : this.argument(args);
      return sets.joined(sets.movedSomewhere(given), sets.one(packed(Base.Fresh, symbol), 0));
    }
    const returns = this.summaries[target]?.returns ?? ANYTHING;
    if (returns === ANYTHING || (!sets.isRelative(returns) && !sets.hasFresh(returns))) return returns;
    let all = NOWHERE;
    for (let k = 0; k < sets.size(returns); k++) {
      all = sets.joined(all, this.returnedBy(sets.at(returns, k), args, items[at + CallColumn.params], symbol));
      if (all === ANYTHING) return ANYTHING;
    }
    return all;
  }

  private returnedBy(piece: number, args: number, params: number, symbol: number): number {
    const { sets } = this;
    const base = sets.pieces.base[piece];
    const kind = base & BASE_MASK;
    if (kind === Base.Fresh) return sets.of(sets.rebased(piece, packed(Base.Fresh, symbol)));
    if (kind !== Base.Parameter && kind !== Base.ThroughParameter) return sets.of(piece);
    const index = baseIndex(base);
    if (args < 0 || index >= params || sets.pieces.scale[piece] !== 1) return ANYTHING;
    return sets.relativeTo(piece, this.argument(args + index), kind === Base.ThroughParameter);
  }

  /**
   * The same without fresh blocks that are known elsewhere, all of them with `all`: nothing else is known of these than
   * that the allocator keeps them.
   */
  private unleaked(places: number, all = false): number {
    return this.sets.hasFresh(places) && (all || this.leaks.has(this.node)) ? this.withoutLeaked(places, all) : places;
  }

  /** A function of its own: what the closure captures would be allocated at every call of `unleaked`. */
  private withoutLeaked(places: number, all: boolean): number {
    const { functions, base } = this.insides;
    const { pieces } = this.sets;
    const isKnown = (piece: number): boolean => all || this.leaks.isLeaked(baseIndex(pieces.base[piece]));
    if (functions.size > 0)
      return this.sets.mapFresh(places, (piece) =>
        isKnown(piece) ? this.sets.rebased(pieces.anywhere(piece), base) : -1,
      );
    for (let k = 0; k < this.sets.size(places); k++) {
      const piece = this.sets.at(places, k);
      if (pieces.kind(piece) === Base.Fresh && isKnown(piece)) return ANYTHING;
    }
    return places;
  }

  private emitUnknown(effect: RawEffect, site: number, origin: number, originEffect: number, direct: boolean): void {
    // Summaries have no use for it.
    if (this.emitting) this.emit(this.table.at(effect.form, Base.Unknown), site, origin, originEffect, direct);
  }

  /** What an allocator does at an unknown address, itself or with an argument that is not known, is done to its own state. */
  private placed(id: number, origin: number): number {
    const { functions, base: own } = this.insides;
    if (functions.size === 0) return id;
    const { kind, base, form } = this.table.effects[id];
    const isOwn = kind === 'memory' && base === Base.Unknown && (this.isAllocator || functions.has(origin));
    return isOwn ? this.table.at(form, own) : id;
  }

  /** Whether an access through a parameter is in the summary in hand, or has room there. */
  private isKept(id: number, direct: boolean): boolean {
    // A summary with room has all that was found while it was settled.
    if (this.isSettled && this.summary.hasRoom) return baseIndex(this.table.effects[id].base) < MOST_PARAMETERS;
    return this.summary.add(id, direct);
  }

  /** Notes an access, and what of it concerns callers. */
  private emit(found: number, site: number, origin: number, originEffect: number, direct: boolean): void {
    const id = this.emitting ? this.placed(found, origin) : found;
    if (id >= this.seen.length) {
      const larger = new Uint32Array(Math.max(this.seen.length * 2, id + 1));
      larger.set(this.seen);
      this.seen = larger;
    }
    const key = this.serial * 2 + (direct ? 1 : 0);
    if (this.seen[id] === key || this.seen[id] === this.serial * 2 + 1) return;
    this.seen[id] = key;
    const kept = this.table.relative[id] === 0 || this.isKept(id, direct);
    if (!this.emitting) return;
    this.facts.push(id, site, direct, origin, originEffect);
    if (!kept) this.emitUnknown(this.table.effects[id], site, origin, originEffect, direct);
  }
}

function rolesOf({ allocates, reallocates, frees }: Allocators, nodes: number): Uint8Array {
  const roles = new Uint8Array(nodes);
  for (const node of allocates) roles[node] |= Role.Allocates;
  for (const node of reallocates) roles[node] |= Role.Reallocates;
  for (const node of frees) roles[node] |= Role.Frees;
  return roles;
}
