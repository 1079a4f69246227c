/**
 * Exports that take blocks of bytes as an address and a length, and may answer with one: those whose code neither keeps nor
 * frees the block, and writes it only as a whole, so that it can be allocated before the call and freed after it. What
 * does not show that is left out. Order is not followed: a loop may read a byte beyond the length.
 */
import { allocatorOf } from '../../analysis/allocator.ts';
import { sourceName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { BodyFacts, Passing } from './bodyFacts.ts';
import { comparedWithBytes, isBounded, isWholeRange } from './bounds.ts';
import {
  FRESH,
  isParameter,
  MAX_PARAMETERS,
  parametersIn,
  SHIFTED,
  sameTree,
  type Traced,
  type Tree,
} from './values.ts';
import { bodyFacts } from './walk.ts';

/** The allocator that the module exports. */
export interface BlockAllocator {
  allocate: WrapExport;
  free: WrapExport;
  /** `free` takes the size of the block, too. */
  sized: boolean;
}

/** How an export is called with blocks. */
export interface BlockCall {
  /** Places of parameters that are addresses; the length is the next one. `writes`: the call may change the bytes. */
  blocks: { at: number; writes: boolean }[];
  /** The result is the address of a new block in the upper half and its length in the lower one. */
  answers: boolean;
  /** Another parameter is an address, too, which means something in one instance only. */
  byHand: boolean;
}

/** An address that a function accesses: the parameters that it is made of. */
interface Address {
  mask: number;
  write: boolean;
}

/** Names of functions that copy and compare bytes: a block, then another one, then the length of both. */
const COPIES = /^(?:__)?(?:memcpy|memmove|memcmp|bcmp)$/;
/** Instructions are read up to this many bytes of code in all. */
const MAX_CODE = 2_000_000;
const MAX_DEPTH = 24;

/** What a module has of both: the functions for blocks, and the exports that take blocks. */
export interface ModuleBlocks {
  allocator: BlockAllocator | undefined;
  calls: ReadonlyMap<WrapExport, BlockCall>;
}

/** The blocks of a module; no calls where it has no allocator. */
export function moduleBlocks(input: WrapInput): ModuleBlocks {
  const allocator = blockAllocator(input);
  return { allocator, calls: blockCalls(input, allocator) };
}

/** The allocator, if both of its functions have methods and take what is known; undefined without. */
function blockAllocator({ module, analysis, surface }: WrapInput): BlockAllocator | undefined {
  const { allocate, free } = allocatorOf(module, analysis);
  const at = (position: number): WrapExport | undefined => surface.exports.find((one) => one.position === position);
  const [allocates, frees] = [at(allocate), at(free)];
  // With several memories, an address may be one of another memory.
  if (allocates === undefined || frees === undefined || !surface.memory || module.memories.length > 1) return undefined;
  const source = sourceName(analysis.exports[allocate]);
  if (/calloc|realloc|__wbindgen|__new/.test(source) || analysis.exports[allocate].func < module.functions.imported)
    return undefined;
  const fits =
    allocates.params.join() === 'i32' &&
    allocates.results.join() === 'i32' &&
    (frees.params.join() === 'i32' || frees.params.join() === 'i32,i32');
  return fits ? { allocate: allocates, free: frees, sized: frees.params.length === 2 } : undefined;
}

/** The exports that take blocks, by export; none without an allocator. */
function blockCalls(input: WrapInput, allocator: BlockAllocator | undefined): Map<WrapExport, BlockCall> {
  const found = new Map<WrapExport, BlockCall>();
  if (allocator === undefined) return found;
  const { module, analysis, surface } = input;
  const funcOf = (one: WrapExport): number => analysis.exports[one.position].func;
  const reader = new Reader(module, funcOf(allocator.allocate), funcOf(allocator.free));
  for (const one of surface.exports) {
    if (one === allocator.allocate || one === allocator.free) continue;
    const call = reader.callOf(funcOf(one), one);
    if (call !== undefined) found.set(one, call);
  }
  return found;
}

class Reader {
  private readonly module: Module;
  private readonly allocator: number;
  private readonly free: number;
  private readonly facts = new Map<number, BodyFacts | undefined>();
  private readonly addresses = new Map<number, readonly Address[]>();
  private readonly open = new Set<number>();
  private readonly names: ReadonlyMap<number, string>;
  private code = 0;

  constructor(module: Module, allocator: number, free: number) {
    this.module = module;
    this.allocator = allocator;
    this.free = free;
    this.names = new Map(
      module.exports.flatMap((one) => (one.kind === 'func' ? [[one.index, sourceName(one)] as const] : [])),
    );
  }

  /** How the export of a function is called with blocks; undefined if it is not certain, or takes none. */
  callOf(func: number, { params, results }: WrapExport): BlockCall | undefined {
    const facts = this.factsOf(func);
    if (facts === undefined || params.length > MAX_PARAMETERS) return undefined;
    const blocks: BlockCall['blocks'] = [];
    for (let at = 0; at + 1 < params.length; at++) {
      if (params[at] !== 'i32' || params[at + 1] !== 'i32' || !this.isBlock(func, at, 0)) continue;
      blocks.push({ at, writes: this.addressesOf(func).some(({ mask, write }) => write && (mask & (1 << at)) !== 0) });
      at++;
    }
    const blockBits = blocks.reduce((mask, { at }) => mask | (1 << at), 0);
    const byHand = this.addressesOf(func).some(({ mask }) => (mask & blockBits) === 0);
    if (facts.returns.some(({ from }) => (from & blockBits) !== 0)) return undefined;
    const answers = results.join() === 'i64' && this.answersBlock(facts);
    // The halves of a number that was put together may be an address in a block that nobody knows how to free.
    if (results.join() === 'i64' && !answers && facts.returns.some(({ from }) => (from & SHIFTED) !== 0))
      return undefined;
    if (results.length > 0 && !answers && facts.returns.some(({ from }) => (from & FRESH) !== 0)) return undefined;
    return blocks.length === 0 && (!answers || byHand) ? undefined : { blocks, answers, byHand };
  }

  private factsOf(func: number): BodyFacts | undefined {
    if (this.facts.has(func)) return this.facts.get(func);
    const d = func - this.module.functions.imported;
    const size = d < 0 ? 0 : this.module.functions.bodyEnd[d] - this.module.functions.bodyStart[d];
    if (d < 0 || this.open.has(func) || this.open.size > MAX_DEPTH || this.code + size > MAX_CODE) return undefined;
    this.code += size;
    this.open.add(func);
    const facts = bodyFacts(this.module, func, this.allocator, (callee) => this.passingOf(callee));
    this.open.delete(func);
    this.facts.set(func, facts);
    return facts;
  }

  private passingOf(func: number): Passing | undefined {
    // The size of a block is no address: what an allocator does with it does not matter.
    if (func === this.allocator) return { escaped: 0, returned: 0 };
    const facts = this.factsOf(func);
    if (facts === undefined) return undefined;
    return { escaped: facts.escaped, returned: facts.returns.reduce((mask, { from }) => mask | from, 0) };
  }

  /** Whether parameter `at` is an address that the call does not keep, and the next one the number of bytes there. */
  private isBlock(func: number, at: number, depth: number): boolean {
    const facts = this.factsOf(func);
    if (facts === undefined || depth > MAX_DEPTH || (facts.escaped & (1 << at)) !== 0) return false;
    const addresses = this.addressesOf(func);
    const alone = addresses.some(({ mask }) => (mask & (2 << at)) !== 0 && (mask & (1 << at)) === 0);
    if (alone || !addresses.some(({ mask }) => (mask & (1 << at)) !== 0)) return false;
    if (comparedWithBytes(facts, at) || this.writesMore(facts, at, depth) || this.frees(facts, at)) return false;
    return isBounded(facts, at) || facts.calls.some(({ callee, args }) => this.passesBlock(callee, args, at, depth));
  }

  /**
   * Whether bytes are written through parameter `at` that may be none of the block: all but whole ranges and what functions
   * with the same block write. A loop can write one byte more than it compares with, such as a zero behind a text, and
   * that byte belongs to the allocator.
   */
  private writesMore(facts: BodyFacts, at: number, depth: number): boolean {
    const isMade = ({ from }: Traced): boolean => (from & (1 << at)) !== 0;
    if (facts.accesses.some((one) => one.write && isMade(one.address) && !isWholeRange(one, at))) return true;
    return facts.calls.some(({ callee, args }) => {
      if (callee === this.allocator || this.passesBlock(callee, args, at, depth)) return false;
      return this.addressesOf(callee).some(
        ({ mask, write }) => write && args.some((arg, k) => (mask & (1 << k)) !== 0 && isMade(arg)),
      );
    });
  }

  /** Whether the function itself frees a block made of parameter `at`: nobody may do that again. */
  private frees({ calls }: BodyFacts, at: number): boolean {
    return calls.some(({ callee, args }) => callee === this.free && args.some(({ from }) => (from & (1 << at)) !== 0));
  }

  private passesBlock(callee: number, args: readonly Traced[], at: number, depth: number): boolean {
    const address = args.findIndex(({ tree }) => isParameter(tree, at));
    if (address < 0) return false;
    if (this.isCopy(callee, args.length)) return address < 2 && isParameter(args[2].tree, at + 1);
    return isParameter(args[address + 1]?.tree, at + 1) && this.isBlock(callee, address, depth + 1);
  }

  private isCopy(callee: number, args: number): boolean {
    const name = this.names.get(callee) ?? this.module.names.functions.get(callee);
    return args === 3 && name !== undefined && COPIES.test(name);
  }

  /** Of which parameters each address is made that a call accesses. */
  private addressesOf(func: number): readonly Address[] {
    const known = this.addresses.get(func);
    if (known !== undefined) return known;
    const facts = this.factsOf(func);
    // What is not known may be anything.
    if (facts === undefined) return [{ mask: -1, write: true }];
    this.addresses.set(func, [{ mask: -1, write: true }]);
    const found = new Map<string, Address>();
    const add = (mask: number, write: boolean): void => void found.set(`${mask} ${write}`, { mask, write });
    for (const { address, write } of facts.accesses) add(parametersIn(address.from), write);
    for (const { callee, args } of facts.calls) {
      if (callee === this.allocator) continue;
      for (const { mask, write } of this.addressesOf(callee)) {
        let made = 0;
        args.forEach(({ from }, k) => {
          if ((mask & (1 << k)) !== 0) made |= from;
        });
        // Of code that is not known, each argument may be an address.
        if (mask === -1) args.forEach(({ from }) => void add(parametersIn(from), write));
        else add(parametersIn(made), write);
      }
    }
    const list = [...found.values()].filter(({ mask }) => mask !== 0);
    this.addresses.set(func, list);
    return list;
  }

  /** Whether every result is a new block of the allocator with its length, and nobody else has kept the block. */
  private answersBlock({ returns, escaped }: BodyFacts): boolean {
    if ((escaped & FRESH) !== 0 || returns.length === 0) return false;
    return returns.every(({ tree }) => {
      const [address, length] = halves(tree);
      return (
        address?.op === 'call' &&
        address.callee === this.allocator &&
        length !== undefined &&
        sameTree(address.args[0], length)
      );
    });
  }
}

/** Upper and lower half of 64 bits that were put together; empty for others. */
function halves(tree: Tree | undefined): Tree[] {
  if (tree?.op !== 'or' && tree?.op !== 'add') return [];
  const upper = [tree.a, tree.b].find(({ op }) => op === 'shl');
  const lower = upper === tree.a ? tree.b : tree.a;
  if (upper?.op !== 'shl' || upper.b.op !== 'const' || upper.b.value !== 32) return [];
  return upper.a.op === 'extend' && lower.op === 'extend' ? [upper.a.a, lower.a] : [];
}
