/**
 * The functions of a module's allocator and the state that they keep: the heads of free lists, a bump pointer, the end
 * of the heap. Recognised by the names of exports and symbols, else by shape: a function that takes a size, returns an
 * address, updates fixed state, and gets pages from `memory.grow` or from an `sbrk`.
 * Sources: wasi-libc and Emscripten (`dlmalloc`, `emmalloc`, `sbrk`), Rust's alloc (`__rust_alloc`, `__rdl_*`) and the
 * crate dlmalloc, AssemblyScript's ~lib/rt, TinyGo's runtime/gc_blocks.go (`runtime.alloc`), Zig's std.heap.
 */
import { sourceName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { I32, I64 } from '../../wasm/types.ts';
import { allocatorOf } from '../allocator.ts';
import { allocatorsOf } from '../allocators.ts';
import { type Address, type Cell, type Effect, isWrite } from '../cells.ts';
import { placesMeet } from '../conditions/places.ts';
import { directCallees } from '../life/callers.ts';
import type { Analysis } from '../model.ts';

/** What is known of a module's allocator. */
export interface AllocatorState {
  /** How the exports were found; undefined where there is no allocator. */
  by: 'name' | 'shape' | undefined;
  /** Function indices. */
  functions: ReadonlySet<number>;
  /**
   * Exports to allocate and free with, as positions in `Analysis.exports`; -1 where the module has none. Of several, the
   * plain `malloc` and `free`; where names tell nothing, exports with the shape.
   */
  allocate: number;
  free: number;
  /** Whether the cell of an access belongs to the allocator. */
  owns(effect: Pick<Effect, 'cell'>): boolean;
}

const C_NAMES =
  /^(?:__wrap_|__libc_|_?emscripten_builtin_|dl|__)*(?:malloc|free|calloc|realloc|memalign|aligned_alloc|posix_memalign|sbrk|emmalloc_\w+|try_realloc_chunk|dispose_chunk|internal_memalign)$/;
const OTHER_NAMES =
  /dlmalloc|__rust_(?:alloc|dealloc|realloc|alloc_zeroed)|__r[dg]l_|^runtime\.(?:alloc|free|realloc|growHeap|calculateHeapAddresses)\b|^~lib\/rt\/(?:tlsf|itcms|stub|pure)\/|^heap\.(?:WasmAllocator|PageAllocator|wasm_allocator|general_purpose_allocator)/;

/** Effects of direct calls up to which all that an allocating export calls counts as the allocator. */
const SMALL = 64;
/** Functions that are looked at for the shape of an allocator, and calls between it and `memory.grow`. */
const MAX_SHAPED = 64;
const MAX_LEVELS = 3;

const states = new WeakMap<Analysis, AllocatorState>();

/** Computed once for each analysis; never throws. */
export function allocatorState(module: Module, analysis: Analysis): AllocatorState {
  const known = states.get(analysis) ?? recognise(module, analysis);
  states.set(analysis, known);
  return known;
}

function recognise(module: Module, analysis: Analysis): AllocatorState {
  const named = new Set<number>();
  for (const position of allocatorOf(module, analysis).all) named.add(analysis.exports[position].func);
  const exported = [...named];
  for (const [func, name] of module.names.functions) if (C_NAMES.test(name) || OTHER_NAMES.test(name)) named.add(func);
  const functions =
    exported.length > 0 ? withHelpers(analysis, named, exported) : new Set([...named, ...shaped(module, analysis)]);
  const { allocates, frees, reallocates } = allocatorsOf(module);
  if (functions.size > 0)
    for (const set of [allocates, frees, reallocates]) for (const func of set) functions.add(func);
  const by = functions.size === 0 ? undefined : exported.length > 0 ? 'name' : 'shape';
  const owns = ownerOf(analysis, functions);
  return { by, functions, owns, ...entriesOf(module, analysis, { by, functions, owns }) };
}

/** Answers whether a cell belongs to the allocator with these functions. */
function ownerOf(analysis: Analysis, functions: ReadonlySet<number>): AllocatorState['owns'] {
  const cells = [...functions].flatMap((func) =>
    ownEffects(analysis, func)
      .filter(isWrite)
      .map(({ cell }) => cell),
  );
  const globals = new Set(
    cells.flatMap(({ kind, index }) => (kind === 'global' && index !== undefined ? [index] : [])),
  );
  const ranges = cells.flatMap(({ kind, index, address }) =>
    kind === 'memory' && address?.base === 'static' && !isWide(address) ? [{ memory: index, address }] : [],
  );
  // Somewhere in static data: its own if nobody else goes there.
  const somewhere = new Set(cells.filter(isSomewhere));
  for (let func = 0; somewhere.size > 0 && func < analysis.graph.functions; func++)
    if (!functions.has(func)) for (const { cell } of ownEffects(analysis, func)) somewhere.delete(cell);
  return ({ cell }) => {
    const { kind, index, address } = cell;
    if (kind === 'global') return index !== undefined && globals.has(index);
    if (kind !== 'memory' || address?.base !== 'static') return false;
    if (isWide(address)) return somewhere.has(cell);
    return ranges.some(
      ({ memory, address: own }) => memory === index && own.global === address.global && placesMeet(own, address),
    );
  };
}

const isSomewhere = ({ kind, address }: Cell): boolean =>
  kind === 'memory' && address?.base === 'static' && isWide(address);

/** More than the state of an allocator, in bytes: bins for free blocks are some hundreds. */
const LARGEST_STATE = 4096;

/** Whether a place is only known to be one of many. */
const isWide = ({ start, end, loose }: Extract<Address, { base: 'static' }>): boolean =>
  loose === true || end - start > LARGEST_STATE;

/** The exports through which embedders allocate and free. */
function entriesOf(
  module: Module,
  analysis: Analysis,
  { by, functions, owns }: Pick<AllocatorState, 'by' | 'functions' | 'owns'>,
): Pick<AllocatorState, 'allocate' | 'free'> {
  const called = (names: RegExp): number => analysis.exports.findIndex((one) => names.test(sourceName(one)));
  if (by !== 'shape') {
    const { allocate, free } = allocatorOf(module, analysis);
    const [plain, release] = [called(/^_?malloc$/), called(/^_?free$/)];
    return plain >= 0 && release >= 0 ? { allocate: plain, free: release } : { allocate, free };
  }
  const allocate = analysis.exports.findIndex(({ func }) => functions.has(func) && takesSize(module, func));
  const free =
    allocate < 0
      ? -1
      : analysis.exports.findIndex(
          ({ func }) => takesAddress(module, func) && ownEffects(analysis, func).some((e) => isWrite(e) && owns(e)),
        );
  return { allocate, free };
}

/** One integer in, nothing out. */
function takesAddress(module: Module, func: number): boolean {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (type?.kind !== 'func' || type.params.length !== 1 || type.results.length !== 0) return false;
  return type.params[0] === I32 || type.params[0] === I64;
}

/** Effects of a function itself. */
const ownEffects = ({ facts, effects }: Analysis, func: number): Effect[] =>
  [...facts.effect.subarray(facts.start[func], facts.start[func + 1])].map((id) => effects[id]);

/** The functions, all that a small allocating export calls, and what is called by nothing else. */
function withHelpers(analysis: Analysis, roots: ReadonlySet<number>, exported: readonly number[]): Set<number> {
  const found = new Set(roots);
  for (const func of exported) {
    if (bitsIn(analysis, func) > SMALL) continue;
    const work = [func];
    for (let next = work.pop(); next !== undefined; next = work.pop())
      for (const callee of directCallees(analysis, next)) {
        if (found.has(callee)) continue;
        found.add(callee);
        work.push(callee);
      }
  }
  return found;
}

/** Number of effects that a function reaches by direct calls. */
function bitsIn({ reachedDirectly, words }: Analysis, func: number): number {
  let count = 0;
  for (let w = func * words; w < (func + 1) * words; w++)
    for (let word = reachedDirectly[w]; word !== 0; word &= word - 1) count++;
  return count;
}

/** Functions with the shape of an allocator: `sbrk` or what grows a memory, and what calls it for a size. */
function shaped(module: Module, analysis: Analysis): Set<number> {
  const growers: number[] = [];
  for (let func = module.functions.imported; func < analysis.graph.functions && growers.length < MAX_SHAPED; func++)
    if (getsPages(module, analysis, func)) growers.push(func);
  const found = new Set<number>();
  let level = new Set(growers);
  for (let i = 0; i < MAX_LEVELS && level.size > 0; i++) {
    const callers = new Set<number>();
    for (let func = module.functions.imported; func < analysis.graph.functions; func++) {
      if (callers.size >= MAX_SHAPED) break;
      if (!level.has(func) && directCallees(analysis, func).some((callee) => level.has(callee))) callers.add(func);
    }
    for (const func of [...level, ...callers])
      if (takesSize(module, func) && keepsState(analysis, func)) found.add(func);
    level = callers;
    if ([...found].some((func) => callers.has(func))) break;
  }
  if (found.size > 0) for (const func of growers) found.add(func);
  return found;
}

/** Grows a memory, or is an `sbrk` that asks the host: it reads the size, moves a fixed break, and calls a function. */
function getsPages(module: Module, analysis: Analysis, func: number): boolean {
  const own = ownEffects(analysis, func);
  if (own.some((effect) => effect.cell.kind === 'memory.grow' && isWrite(effect))) return true;
  return (
    takesSize(module, func) &&
    own.some(({ cell }) => cell.kind === 'memory.grow') &&
    own.some(({ cell }) => cell.kind === 'host') &&
    keepsState(analysis, func)
  );
}

/** One integer in, one integer of the same type out. */
function takesSize(module: Module, func: number): boolean {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (type?.kind !== 'func' || type.params.length !== 1 || type.results.length !== 1) return false;
  const [size] = type.params;
  return size === type.results[0] && (size === I32 || size === I64);
}

/** Writes a global or a fixed address that it also reads. */
function keepsState(analysis: Analysis, func: number): boolean {
  const own = ownEffects(analysis, func);
  const isFixed = ({ cell }: Effect): boolean =>
    cell.kind === 'global' || (cell.kind === 'memory' && cell.address?.base === 'static');
  return (
    own.some((effect) => isFixed(effect) && isWrite(effect)) &&
    own.some((effect) => isFixed(effect) && !isWrite(effect))
  );
}
