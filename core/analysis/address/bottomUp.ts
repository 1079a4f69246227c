/**
 * Puts effects together over calls: every function gets a summary of what it does through its parameters, callees before
 * callers, and every call becomes accesses of the caller, with its arguments in place of the parameters. What calls do to
 * other state stands in the callees; the closure over the call graph finds it there.
 *
 * A component of functions that call each other is gone through until nothing changes; intervals that grow are widened.
 * When the budget is used up, what is left is at unknown addresses.
 */
import { ANYWHERE, BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import type { Allocators } from '../allocators.ts';
import type { EffectTable, RawEffect } from '../effectTable.ts';
import { U32List } from '../growable.ts';
import type { CallGraph } from '../model.ts';
import { CALL_COLUMNS, CallColumn, OPEN_COLUMNS, OpenColumn, type ScanResult } from '../scanContext.ts';
import { eachOperand, OPERAND_COLUMNS } from '../symbols.ts';
import type { AllocatorInsides } from './allocatorInsides.ts';
import type { Components } from './components.ts';
import { anywhere, joined, movedSomewhere, NOWHERE, type Piece, type Places, pieceOf } from './places.ts';
import { relativeTo, Substitution } from './substitution.ts';
import { ALL_KEPT, MOST_PARAMETERS, Summary, type SummaryEntry } from './summary.ts';
import { type Layout, SymbolValues } from './symbolValues.ts';

/** What calls do with their arguments, as accesses of the callers; rows of node `f` are `[start[f], end[f])`. */
export interface DerivedFacts {
  start: Uint32Array;
  end: Uint32Array;
  /** Raw effect, offset of the call (or of an access at a symbolic address), and whether only direct calls lead there. */
  effect: Uint32Array;
  site: Uint32Array;
  direct: Uint8Array;
  /** Node and raw effect where the path goes on; `HERE` for an access of the function itself. */
  originNode: Uint32Array;
  originEffect: Uint32Array;
  /** Functions whose calls and accesses were not put together because the budget was used up. */
  unfinished: number;
}

/** `DerivedFacts.originNode` of an access of the function itself. */
export const HERE = 0xffff_ffff;

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

/** What changed in the summaries of callees. */
const Changed = { Nothing: 0, Entries: 1, Values: 2 } as const;

/** Values of the symbols of a function, and its fresh blocks that leak. */
interface Settled {
  values: Places[];
  leaked: readonly number[];
}

class BottomUp {
  private readonly scan: ScanResult;
  private readonly graph: CallGraph;
  private readonly table: EffectTable;
  private readonly blocks: Allocators;
  private readonly insides: AllocatorInsides;
  /** The node in hand is one of an allocator. */
  private isAllocator = false;
  private readonly mostSteps: number;
  /** Number of accesses that the scan told apart. */
  private readonly scanned: number;
  private readonly summaries: (Summary | undefined)[];
  private readonly values: SymbolValues;
  private readonly effect = new U32List();
  private readonly site = new U32List();
  private readonly direct = new U32List();
  private readonly originNode = new U32List();
  private readonly originEffect = new U32List();
  private seen = new Uint32Array(1024);
  private serial = 0;
  private steps = 0;
  private unfinished = 0;
  /** State of the node in hand. */
  private summary: Summary | undefined;
  private emitting = false;
  private readonly substitution: Substitution;
  /** Where the accesses that are being made come from: offset, node and effect there, by direct calls alone. */
  private currentSite = 0;
  private currentOrigin = 0;
  private currentEffect = 0;
  private currentDirect = true;
  /** Round in which the summary of each node changed last, and in which the node was followed last. */
  private readonly changedIn: Uint32Array;
  private readonly followedIn: Uint32Array;
  private round = 0;
  /** Members of the component in hand: what they were found to hold when they were followed last. */
  private readonly settled = new Map<number, Settled>();
  /** Symbols of fresh blocks of which others come to know, and whether there are any. */
  private readonly leaked = new Set<number>();
  private leaks = false;

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
    this.blocks = blocks;
    this.mostSteps = mostSteps;
    this.summaries = new Array(graph.nodes);
    this.scanned = scan.table.effects.length;
    this.changedIn = new Uint32Array(graph.nodes);
    this.followedIn = new Uint32Array(graph.nodes);
    this.substitution = new Substitution(scan.table, layout, (id) =>
      this.emit(id, this.currentSite, this.currentOrigin, this.currentEffect, this.currentDirect),
    );
    this.values = new SymbolValues(scan.symbolic.symbols, layout, (row, symbol) => this.resultOf(row, symbol));
  }

  run({ nodes, start }: Components): DerivedFacts {
    const total = this.graph.nodes;
    const rowStart = new Uint32Array(total);
    const rowEnd = new Uint32Array(total);
    for (let i = 0; i + 1 < start.length; i++) {
      const members = nodes.subarray(start[i], start[i + 1]);
      const single = members.length === 1 && !this.callsItself(members[0]);
      const finished = single || this.settle(members);
      for (const node of members) {
        rowStart[node] = this.effect.length;
        this.follow(node, true, finished);
        rowEnd[node] = this.effect.length;
      }
      if (this.settled.size > 0) this.settled.clear();
    }
    return {
      start: rowStart,
      end: rowEnd,
      effect: this.effect.view(),
      site: this.site.view(),
      direct: Uint8Array.from(this.direct.view()),
      originNode: this.originNode.view(),
      originEffect: this.originEffect.view(),
      unfinished: this.unfinished,
    };
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
    for (const node of members) this.summaries[node] = new Summary();
    for (let round = 0; ; round++) {
      let changed = false;
      this.round++;
      for (const node of members) {
        const since = this.followedIn[node];
        const what = round === 0 ? Changed.Values : this.calleesChanged(node, since);
        if (what === Changed.Nothing) continue;
        this.followedIn[node] = this.round;
        const summary = this.summaries[node] as Summary;
        summary.changed = false;
        summary.widening = round >= WIDEN_FROM;
        summary.round = this.round;
        if (what === Changed.Entries) this.followAgain(node, since);
        else this.follow(node, false, true);
        if (!summary.changed) continue;
        changed = true;
        this.changedIn[node] = this.round;
      }
      if (!changed) return true;
      if (round >= MOST_ROUNDS && this.steps > this.mostSteps / 4) return false;
      if (this.isOver()) return false;
    }
  }

  /** What of the summaries of its callees has changed since node `node` was followed in round `since`. */
  private calleesChanged(node: number, since: number): number {
    const { start, target } = this.graph;
    let what: number = Changed.Nothing;
    // A callee that comes later in a round changes after its caller was followed.
    for (let e = start[node]; e < start[node + 1]; e++) {
      if (this.changedIn[target[e]] < since) continue;
      what = Changed.Entries;
      if ((this.summaries[target[e]]?.valuesChangedIn ?? 0) >= since) return Changed.Values;
    }
    return what;
  }

  /** Follows a node again whose callees do more than in round `since`, but return and keep the same. */
  private followAgain(node: number, since: number): void {
    const isCall = node >= this.graph.functions;
    const known = this.settled.get(node);
    if ((known === undefined && !isCall) || this.isOver()) {
      this.follow(node, false, true);
      return;
    }
    this.begin(false);
    this.isAllocator = this.insides.functions.has(node);
    this.summary = this.summaries[node];
    if (known === undefined) {
      this.followTargets(node, false, since);
      return;
    }
    this.recall(node, known);
    const { symbolic } = this.scan;
    const calls = symbolic.calls.items;
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++)
      this.call(calls, r * CALL_COLUMNS, false, since);
  }

  private recall(node: number, { values, leaked }: Settled): void {
    this.values.restore(this.scan.symbolic.symbolStart[node], values);
    this.leaked.clear();
    for (const symbol of leaked) this.leaked.add(symbol);
    this.leaks = leaked.length > 0;
  }

  private begin(emit: boolean): void {
    this.emitting = emit;
    this.substitution.relativeOnly = !emit;
    this.serial++;
  }

  /**
   * Finds what node `node` does through its parameters and at addresses that had to be evaluated. `emit`: notes the
   * accesses, too. Without `finished` everything is at unknown addresses.
   */
  private follow(node: number, emit: boolean, finished: boolean): void {
    this.begin(emit);
    this.isAllocator = this.insides.functions.has(node);
    const over = !finished || this.isOver();
    if (over && emit && node < this.graph.functions && node >= this.imported()) this.unfinished++;
    let { [node]: summary } = this.summaries;
    if (over && emit) {
      summary = new Summary();
      summary.kept = ALL_KEPT;
      summary.returns = undefined;
    }
    this.summary = summary ?? new Summary();
    this.summaries[node] = this.summary;
    if (node >= this.graph.functions) this.followTargets(node, over);
    else this.followBody(node, over);
    if (node < this.imported()) {
      this.summary.kept = ALL_KEPT;
      this.summary.returns = undefined;
    }
  }

  private imported(): number {
    return this.scan.hostCall.length;
  }

  /** An indirect call does what one of its targets does. */
  private followTargets(node: number, over: boolean, since = 0): void {
    const { start, target, virtual } = this.graph;
    const summary = this.summary as Summary;
    if (virtual[node - this.graph.functions].kind === 'host-unknown') {
      summary.returned(undefined);
      summary.keeps(ALL_KEPT);
    }
    for (let e = start[node]; e < start[node + 1]; e++) {
      const callee = this.summaries[target[e]];
      if (callee === undefined) continue;
      summary.returned(freshAs(callee.returns, 0));
      summary.keeps(callee.kept);
      for (const entry of callee.entries) {
        if (entry.changedIn < since) continue;
        this.steps++;
        if (over) this.emitUnknown(entry.effect, 0, target[e], entry.origin, false);
        else this.emit(this.effectOf(entry), 0, target[e], entry.origin, false);
      }
    }
  }

  /** Raw effect of a summary's entry, relative to the same parameter. */
  private effectOf({ effect, form, low, high }: SummaryEntry): number {
    const base = effect.base & ~ANYWHERE;
    if ((base & BASE_MASK) === Base.ThroughParameter) return this.table.at(form, base);
    if (low === -Infinity || high === Infinity) return this.table.at(form, base | ANYWHERE);
    return this.table.range(form, base, low, high, effect.scale === 1 && effect.length < 0 ? undefined : effect);
  }

  private followBody(node: number, over: boolean): void {
    const { scan, table } = this;
    const { symbolic } = scan;
    const summary = this.summary as Summary;
    for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++) {
      const id = scan.factEffect[i];
      if (table.relative[id] === 0) continue;
      const raw = table.effects[id];
      if (!over && summary.add(raw, id, true)) continue;
      // The fact of the function stands, and so does the same access anywhere.
      if (this.emitting) this.emitUnknown(raw, scan.factSite[i], HERE, 0, true);
    }
    const known = over ? undefined : this.settled.get(node);
    if (known !== undefined && this.emitting) this.recall(node, known);
    else if (!over) {
      this.values.steps = 0;
      this.values.evaluate(symbolic.symbolStart[node], symbolic.symbolStart[node + 1]);
      this.steps += this.values.steps;
      this.findLeaks(node);
      if (!this.emitting) this.settled.set(node, { values: this.values.save(), leaked: [...this.leaked] });
    }
    const open = symbolic.open.items;
    for (let r = symbolic.openStart[node]; r < symbolic.openStart[node + 1]; r++)
      this.openAccess(open, r * OPEN_COLUMNS, over);
    const calls = symbolic.calls.items;
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++)
      this.call(calls, r * CALL_COLUMNS, over);
    const base = symbolic.returns[2 * node];
    if (base >= 0) summary.returned(over ? undefined : this.returnedPlaces(base, symbolic.returns[2 * node + 1]));
    else if (this.isUnread(node)) {
      summary.returned(undefined);
      summary.keeps(ALL_KEPT);
    }
  }

  /** A body that could not be read may return and keep anything. */
  private isUnread(node: number): boolean {
    this.unread ??= new Set(this.scan.unknownFunctions);
    return this.unread.has(node);
  }
  private unread: Set<number> | undefined;

  private returnedPlaces(base: number, value: number): Places {
    return freshAs(this.unleaked(this.values.of(base, value)), 0);
  }

  /** An access of the function whose address is symbolic. */
  private openAccess(open: Int32Array, at: number, over: boolean): void {
    this.steps++;
    const site = open[at + OpenColumn.site];
    const form = open[at + OpenColumn.form];
    const places = over
      ? undefined
      : this.unleaked(this.values.of(open[at + OpenColumn.base], open[at + OpenColumn.value]));
    // A value that does not occur may be one that was not found.
    if (places === undefined || places.length === 0) {
      if (this.emitting) this.emit(this.table.at(form, Base.Unknown), site, HERE, 0, true);
      return;
    }
    this.come(site, HERE, 0, true);
    for (const piece of places) this.substitution.access(form, piece, open[at + OpenColumn.width]);
  }

  private come(site: number, origin: number, effect: number, direct: boolean): void {
    this.currentSite = site;
    this.currentOrigin = origin;
    this.currentEffect = effect;
    this.currentDirect = direct;
  }

  /** A call: what the callee does through its parameters, at the arguments. */
  private call(calls: Int32Array, at: number, over: boolean, since = 0): void {
    const target = calls[at + CallColumn.target];
    const callee = this.summaries[target];
    // What the host does in a direct call are facts of the caller.
    if (callee === undefined || callee.entries.length === 0 || target < this.imported()) return;
    const site = calls[at + CallColumn.site];
    const args = calls[at + CallColumn.args];
    const params = calls[at + CallColumn.params];
    const direct = target < this.graph.functions;
    const { items } = this.scan.symbolic.symbols.operands;
    const frees = this.blocks.frees.has(target) || this.blocks.reallocates.has(target);
    let last = -1;
    let places: Places;
    /** Forms of accesses of which an argument is an index that is added to something. */
    let indexed: number[] | undefined;
    for (const entry of callee.entries) {
      if (entry.changedIn < since) continue;
      this.steps++;
      const sure = direct && entry.direct;
      if (over || args < 0 || entry.parameter >= params) {
        this.emitUnknown(entry.effect, site, target, entry.origin, sure);
        continue;
      }
      if (entry.parameter !== last) {
        last = entry.parameter;
        const row = (args + last) * OPERAND_COLUMNS;
        const keeps = (callee.kept & (1 << last)) !== 0 && !frees;
        places = this.unleaked(this.values.of(items[row], items[row + 1]), keeps);
      }
      if (places === undefined || places.length === 0) {
        this.emitUnknown(entry.effect, site, target, entry.origin, sure);
        continue;
      }
      const length = entry.effect.length;
      const lengths = length < 0 || length >= params ? NOWHERE : this.argument(args + length);
      this.come(site, target, entry.origin, sure);
      for (const piece of places) this.substitution.substitute(entry, piece, lengths);
      if (!places.some((piece) => this.substitution.isIndex(entry, piece))) continue;
      // Two indices that are added to each other are an address after all.
      if (indexed?.includes(entry.form)) this.emitUnknown(entry.effect, site, target, entry.origin, sure);
      else {
        indexed ??= [];
        indexed.push(entry.form);
      }
    }
  }

  private argument(operand: number): Places {
    const { items } = this.scan.symbolic.symbols.operands;
    return this.values.of(items[operand * OPERAND_COLUMNS], items[operand * OPERAND_COLUMNS + 1]);
  }

  /** What a call returns, in terms of the function that calls. */
  private resultOf(row: number, symbol: number): Places {
    const { items } = this.scan.symbolic.calls;
    const at = row * CALL_COLUMNS;
    const target = items[at + CallColumn.target];
    if (this.blocks.allocates.has(target)) return [pieceOf(packed(Base.Fresh, symbol), 0)];
    if (this.blocks.reallocates.has(target)) {
      // The block that is given, or another one in its place.
      const given = items[at + CallColumn.args] < 0 ? undefined : this.argument(items[at + CallColumn.args]);
      return joined(movedSomewhere(given), [pieceOf(packed(Base.Fresh, symbol), 0)]);
    }
    const callee = this.summaries[target];
    if (callee === undefined || callee.returns === undefined) return undefined;
    const args = items[at + CallColumn.args];
    let all: Places = NOWHERE;
    for (const piece of callee.returns) {
      all = joined(all, this.returnedBy(piece, args, items[at + CallColumn.params], symbol));
      if (all === undefined) return undefined;
    }
    return all;
  }

  private returnedBy(piece: Piece, args: number, params: number, symbol: number): Places {
    const kind = piece.base & BASE_MASK;
    if (kind === Base.Fresh) return [{ ...piece, base: packed(Base.Fresh, symbol) }];
    if (kind !== Base.Parameter && kind !== Base.ThroughParameter) return [piece];
    const index = baseIndex(piece.base);
    if (args < 0 || index >= params || piece.scale !== 1) return undefined;
    const given = this.argument(args + index);
    return given === undefined ? undefined : relativeTo(piece, given, kind === Base.ThroughParameter);
  }

  /** Which parameters and fresh blocks go where they are not followed. */
  private findLeaks(node: number): void {
    this.leaked.clear();
    this.leaks = false;
    if (this.blocks.allocates.size === 0) return;
    const { symbolic } = this.scan;
    const lost = symbolic.lost.items;
    for (let r = symbolic.lostStart[node]; r < symbolic.lostStart[node + 1]; r++) this.leakBase(lost[r]);
    for (let s = symbolic.symbolStart[node]; s < symbolic.symbolStart[node + 1]; s++) this.leakOperands(s);
    const calls = symbolic.calls.items;
    const operands = symbolic.symbols.operands.items;
    for (let r = symbolic.callStart[node]; r < symbolic.callStart[node + 1]; r++) {
      const target = calls[r * CALL_COLUMNS + CallColumn.target];
      const args = calls[r * CALL_COLUMNS + CallColumn.args];
      if (args < 0 || this.blocks.frees.has(target) || this.blocks.reallocates.has(target)) continue;
      const kept = this.summaries[target]?.kept ?? ALL_KEPT;
      for (let k = 0; k < calls[r * CALL_COLUMNS + CallColumn.params]; k++)
        if (k >= MOST_PARAMETERS || (kept & (1 << k)) !== 0) this.leakBase(operands[(args + k) * OPERAND_COLUMNS]);
    }
  }

  private leak(places: Places): void {
    for (const { base } of places ?? []) {
      const kind = base & BASE_MASK;
      const index = baseIndex(base);
      if (kind === Base.Fresh) {
        this.leaked.add(index);
        this.leaks = true;
      } else if (kind === Base.Parameter) this.summary?.keeps(index < MOST_PARAMETERS ? 1 << index : ALL_KEPT);
    }
  }

  /** What went into a symbol that may be anything. */
  private leakOperands(symbol: number): void {
    if (this.values.of(packed(Base.Symbol, symbol), 0) !== undefined) return;
    eachOperand(this.scan.symbolic.symbols, symbol, this.leakValue);
  }

  private readonly leakValue = (base: number): void => this.leakBase(base);

  /** A value of which only parameters and fresh blocks matter, whatever was added to them. */
  private leakBase(base: number): void {
    const kind = base & BASE_MASK;
    if (kind === Base.Symbol || kind === Base.Parameter) this.leak(this.values.of(base & ~ANYWHERE, 0));
  }

  /**
   * The same without fresh blocks that are known elsewhere, all of them with `all`: nothing else is known of these than
   * that the allocator keeps them.
   */
  private unleaked(places: Places, all = false): Places {
    if (places === undefined || (!this.leaks && !all) || !hasFresh(places)) return places;
    const { functions, base } = this.insides;
    let rest: Places = NOWHERE;
    for (const piece of places) {
      const isFresh = (piece.base & BASE_MASK) === Base.Fresh;
      if (!isFresh || !(all || this.leaked.has(baseIndex(piece.base)))) rest = joined(rest, [piece]);
      else if (functions.size === 0) return undefined;
      else rest = joined(rest, [anywhere({ ...piece, base })]);
    }
    return rest;
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

  /** Notes an access, and what of it concerns callers. */
  private emit(found: number, site: number, origin: number, originEffect: number, direct: boolean): void {
    const id = this.placed(found, origin);
    if (id >= this.seen.length) {
      const larger = new Uint32Array(Math.max(this.seen.length * 2, id + 1));
      larger.set(this.seen);
      this.seen = larger;
    }
    const key = this.serial * 2 + (direct ? 1 : 0);
    if (this.seen[id] === key || this.seen[id] === this.serial * 2 + 1) return;
    this.seen[id] = key;
    const kept = this.table.relative[id] === 0 || (this.summary as Summary).add(this.table.effects[id], id, direct);
    if (this.emitting) {
      this.effect.push(id);
      this.site.push(site);
      this.direct.push(direct ? 1 : 0);
      this.originNode.push(origin);
      this.originEffect.push(originEffect);
      if (!kept) this.emitUnknown(this.table.effects[id], site, origin, originEffect, direct);
    }
  }
}

const hasFresh = (places: Places): boolean => places?.some(({ base }) => (base & BASE_MASK) === Base.Fresh) ?? false;

/** Fresh blocks as those of symbol `symbol`. */
const freshAs = (places: Places, symbol: number): Places =>
  hasFresh(places)
    ? places?.map((piece) =>
        (piece.base & BASE_MASK) === Base.Fresh ? { ...piece, base: packed(Base.Fresh, symbol) } : piece,
      )
    : places;
