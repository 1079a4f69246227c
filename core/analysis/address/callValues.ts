/** Values of the functions whose effects are put together: their symbols, the arguments and results of their calls. */
import { BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import type { Allocators } from '../allocators.ts';
import { CALL_COLUMNS, CallColumn, type ScanResult } from '../scanContext.ts';
import { OPERAND_COLUMNS } from '../symbols.ts';
import type { AllocatorInsides } from './allocatorInsides.ts';
import { Leaks } from './leaks.ts';
import { ANYTHING, NOWHERE, type PlaceSets } from './placeSets.ts';
import type { Summary } from './summary.ts';
import { SymbolValues } from './symbolValues.ts';

/** What allocators do with a call: `roles` of each node. */
const Role = { Allocates: 1, Reallocates: 2, Frees: 4 } as const;

/** Sets of places of one node after the other. */
export class CallValues {
  readonly symbols: SymbolValues;
  readonly leaks: Leaks;
  /** The node in hand. */
  node = 0;
  private readonly scan: ScanResult;
  private readonly sets: PlaceSets;
  private readonly insides: AllocatorInsides;
  private readonly summaries: readonly (Summary | undefined)[];
  private readonly roles: Uint8Array;

  constructor(
    scan: ScanResult,
    sets: PlaceSets,
    blocks: Allocators,
    insides: AllocatorInsides,
    summaries: readonly (Summary | undefined)[],
  ) {
    this.scan = scan;
    this.sets = sets;
    this.insides = insides;
    this.summaries = summaries;
    this.roles = rolesOf(blocks, summaries.length);
    this.symbols = new SymbolValues(scan.symbolic.symbols, sets, (row, symbol) => this.resultOf(row, symbol));
    this.leaks = new Leaks(scan.symbolic, blocks, sets, this.symbols, summaries);
  }

  /** An argument as a set of places; `operand` is its row among the operands. */
  argument(operand: number): number {
    const { items } = this.scan.symbolic.symbols.operands;
    return this.symbols.of(items[operand * OPERAND_COLUMNS], items[operand * OPERAND_COLUMNS + 1]);
  }

  /** Whether an argument may be more than when its function was evaluated before. */
  isNew(operand: number): boolean {
    return this.symbols.isNew(this.scan.symbolic.symbols.operands.items[operand * OPERAND_COLUMNS]);
  }

  /** The arguments that a callee keeps; what a block is that is freed does not matter. */
  keptBy(target: number, callee: Summary): number {
    return (this.roles[target] & (Role.Frees | Role.Reallocates)) !== 0 ? 0 : callee.kept;
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
  unleaked(places: number, all = false): number {
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
}

function rolesOf({ allocates, reallocates, frees }: Allocators, nodes: number): Uint8Array {
  const roles = new Uint8Array(nodes);
  for (const node of allocates) roles[node] |= Role.Allocates;
  for (const node of reallocates) roles[node] |= Role.Reallocates;
  for (const node of frees) roles[node] |= Role.Frees;
  return roles;
}
