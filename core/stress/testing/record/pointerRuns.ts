/** For tests: runs random modules with pointers, and compares what they access with the analysis. */
import type { Analysis } from '../../../analysis/model.ts';
import { Coverage } from '../../../analysis/testing/covers.ts';
import type { PointerExport, PointerProgram } from '../../../analysis/testing/pointerPrograms.ts';
import { BUF, HALF, type Kind, type Layout } from '../../../analysis/testing/pointerValues.ts';
import type { Random } from '../../../testing/random.ts';
import type { Module } from '../../../wasm/module.ts';
import { PointerHistory } from './pointerHistory.ts';
import { RecordedInstance } from './recordedInstance.ts';
import type { AllocatorRole, RecordedCall } from './recorder.ts';
import { uncoveredIn } from './uncovered.ts';

/** What runs have seen, against passes that show nothing. */
export interface PointerTally {
  calls: number;
  traps: number;
  accesses: number;
  claims: Record<string, number>;
}

/** Calls of each export. */
const CALLS = 3;

/** Objects and buffers that calls get. */
interface Pool {
  objs: number[];
  bufs: number[];
  cells: number[];
}

/** Static data that may hold pointers. */
const staticRanges = ({ cells, objs, objBytes, word, heapState }: Layout): { start: number; end: number }[] => [
  { start: cells[0], end: cells[0] + word * cells.length },
  ...objs.map((start) => ({ start, end: start + objBytes })),
  { start: heapState, end: heapState + 2 * word },
];

/** A number of a kind. */
function argumentOf(kind: Kind, { objs, bufs, cells }: Pool, next: Random): number {
  const pick = (list: readonly number[]): number => list[next(list.length)];
  switch (kind) {
    case 'int':
      return next(12);
    case 'few':
      return next(4);
    case 'len':
      return next(HALF + 1);
    case 'obj':
    case 'ownObj':
      return pick(objs);
    case 'cell':
      return pick([...cells, ...objs]);
    case 'half':
    case 'ownHalf':
      return pick(bufs) + 4 * next(9);
    case 'buf':
    case 'ownBuf':
      return pick(bufs);
  }
}

/** Functions of the module that allocate. */
function rolesIn({ allocate, release }: PointerProgram, module: Module): Map<number, AllocatorRole> {
  const func = (name: string): number => module.exports.find((e) => e.name === name)?.index ?? -1;
  return new Map<number, AllocatorRole>([
    [func(allocate), { does: 'allocate', size: 0 }],
    [func(release), { does: 'free', block: 0 }],
  ]);
}

/** A random module with objects and buffers for the arguments of its exports. */
export class PointerRun {
  readonly program: PointerProgram;
  /** For the last call, and for any of them: where pointers led in it is not looked at. */
  readonly coverage: Coverage;
  readonly anytime: Coverage;
  private readonly instance: RecordedInstance;
  private readonly next: Random;
  private readonly made: RecordedCall[] = [];
  private readonly pool: Pool;
  private readonly history: PointerHistory;
  /** Names of the exports, by function. */
  readonly positions: ReadonlyMap<string, number>;

  constructor(program: PointerProgram, module: Module, analysis: Analysis, next: Random) {
    const { layout } = program;
    this.program = program;
    this.next = next;
    this.positions = new Map(analysis.exports.map(({ name }, position) => [name, position]));
    const world = { stackTop: layout.stackTop, heapFrom: layout.heap, global: () => layout.objs[1] };
    const leadsTo = (start: number, end: number, address: number) => this.leads(start, end, address);
    this.coverage = new Coverage(module, analysis, { ...world, leadsTo });
    this.anytime = new Coverage(module, analysis, world);
    this.history = new PointerHistory({
      objectAt: (address) => this.objectAt(address),
      ranges: () => [...staticRanges(layout), ...this.instance.recorder.allocated],
      word: (address) => this.word(address),
      width: layout.word,
    });
    this.instance = new RecordedInstance(module, analysis, {
      watched: Array.from(module.functions.typeIndex, (_, func) => func),
      allocators: rolesIn(program, module),
      imports: { env: { keep: (pointer: number | bigint) => this.instance.recorder.published(Number(pointer)) } },
      onCall: (call) => this.made.push(call),
      objectAt: (address) => this.objectAt(address),
      onBegin: () => this.history.begin(),
      onStored: (start, end) => this.history.stored(start, end),
    });
    const block = (name: string, args: number[]): number[] => {
      const { result } = this.call(name, args);
      return result === undefined ? [] : [result];
    };
    this.pool = {
      objs: [...layout.objs, ...[0, 1, 2].flatMap(() => block('new_obj', []))],
      bufs: [...layout.bufs, ...[0, 1].flatMap(() => block(program.allocate, [BUF]))],
      cells: layout.cells,
    };
  }

  /** Byte offset of the instruction of each site. */
  get offsets(): readonly number[] {
    return this.instance.instrumented.sites.offset;
  }

  /** Arguments for an export. */
  arguments({ params }: PointerExport): number[] {
    return params.map((kind) => argumentOf(kind, this.pool, this.next));
  }

  /** Calls an export; the calls that were made, the one from outside last. No result: it has trapped. */
  call(name: string, args: readonly number[]): { calls: RecordedCall[]; result: number | undefined } {
    const { layout, exports } = this.program;
    const answer = this.instance.call(
      name,
      args.map((n) => (layout.word === 8 ? BigInt(n) : n)),
    );
    const calls = this.made.splice(0);
    if (typeof answer === 'string') return { calls, result: undefined };
    if (exports.some((e) => e.name === name && e.result === 'obj')) this.pool?.objs.push(Number(answer));
    return { calls, result: Number(answer ?? 0) };
  }

  /** The object, buffer or array that an address lies in, where that is known. */
  objectAt(address: number): { start: number; end: number } | undefined {
    const { layout } = this.program;
    const within = (start: number, size: number) =>
      address >= start && address < start + size ? { start, end: start + size } : undefined;
    const one = (starts: readonly number[], size: number) =>
      starts.map((start) => within(start, size)).find((found) => found !== undefined);
    return (
      one(layout.objs, layout.objBytes) ??
      one(layout.bufs, BUF) ??
      within(layout.cells[0], layout.word * layout.cells.length) ??
      this.instance.recorder.blockAt(address)
    );
  }

  private word(address: number): number {
    const { memory } = this.instance;
    return address + 4 <= memory.length ? new DataView(memory.buffer).getUint32(address, true) : 0;
  }

  /** Whether pointers in a range led to an address. Those of the allocator lead to all blocks, those that were free, too. */
  private leads(start: number, end: number, address: number): boolean {
    const { heap, heapState, word } = this.program.layout;
    const object = this.objectAt(address);
    // The allocator's state leads to memory that is in no block yet, and becomes one.
    if (start < heapState + 2 * word && end > heapState) return true;
    if (object === undefined) return address >= heap;
    // The analysis knows where an object begins, not where it ends. Of several static ones it names the first.
    const from = this.objectAt(start) ?? { start, end };
    const last = start < heapState ? heapState : Math.max(end, from.end);
    return this.history.reachedFrom(from.start, last).has(object.start);
  }

  /** Starts of the objects that one leads to, itself included. */
  leadsTo(address: number): Set<number> {
    const found = new Set<number>();
    const { word } = this.program.layout;
    const { memory } = this.instance;
    const view = new DataView(memory.buffer);
    const todo = [address];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      const object = this.objectAt(at);
      if (object === undefined || found.has(object.start)) continue;
      found.add(object.start);
      for (let p = object.start; p + word <= object.end; p += word) todo.push(view.getUint32(p, true));
    }
    return found;
  }
}

/** Calls every export a few times; a line for each access that no effect of the function covers. */
export function uncoveredOf(
  program: PointerProgram,
  module: Module,
  analysis: Analysis,
  next: Random,
  tally: PointerTally,
): string[] {
  const run = new PointerRun(program, module, analysis, next);
  for (let round = 0; round < CALLS; round++)
    for (const one of program.exports) {
      const { calls, result } = run.call(one.name, run.arguments(one));
      tally.calls++;
      if (result === undefined) tally.traps++;
      tally.accesses += calls.reduce((sum, { accesses }) => sum + accesses.length, 0);
      const problems = calls.flatMap((call) => uncoveredIn(run.coverage, call, run.offsets));
      if (problems.length > 0) return problems;
    }
  for (const [base, count] of Object.entries(run.coverage.tally))
    tally.claims[base] = (tally.claims[base] ?? 0) + count;
  return [];
}
