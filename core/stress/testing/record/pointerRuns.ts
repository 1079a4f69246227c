/** For tests: runs random modules with pointers, and compares what they access with the analysis. */
import type { Analysis } from '../../../analysis/model.ts';
import { Coverage } from '../../../analysis/testing/covers.ts';
import type { PointerProgram } from '../../../analysis/testing/pointerPrograms.ts';
import { HALF, type Kind } from '../../../analysis/testing/pointerValues.ts';
import type { Random } from '../../../testing/random.ts';
import type { Module } from '../../../wasm/module.ts';
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

/** A number of a kind. */
function argumentOf(kind: Kind, { objs, bufs, cells }: Pool, next: Random): number {
  const pick = (list: readonly number[]): number => list[next(list.length)];
  switch (kind) {
    case 'int':
      return next(12);
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

/** Calls every export a few times; a line for each access that no effect of the function covers. */
export function uncoveredOf(
  program: PointerProgram,
  module: Module,
  analysis: Analysis,
  next: Random,
  tally: PointerTally,
): string[] {
  const problems: string[] = [];
  const calls: RecordedCall[] = [];
  const { layout } = program;
  const watched = Array.from(module.functions.typeIndex, (_, func) => func);
  const instance = new RecordedInstance(module, analysis, {
    watched,
    allocators: rolesIn(program, module),
    onCall: (call) => calls.push(call),
  });
  const world = { stackTop: layout.stackTop, global: () => layout.objs[1] };
  const coverage = new Coverage(module, analysis, world);
  const given = (n: number): number | bigint => (layout.word === 8 ? BigInt(n) : n);
  const make = (name: string, args: number[]): unknown => {
    tally.calls++;
    const result = instance.call(name, args.map(given));
    if (typeof result === 'string') tally.traps++;
    for (const call of calls.splice(0)) problems.push(...uncovered(call));
    return result;
  };
  const uncovered = (call: RecordedCall): string[] => {
    tally.accesses += call.accesses.length;
    return uncoveredIn(coverage, call, instance.instrumented.sites.offset);
  };
  const made = (name: string, args: number[] = []): number[] => {
    const result = make(name, args);
    return typeof result === 'string' ? [] : [Number(result)];
  };
  const pool: Pool = {
    objs: [...layout.objs, ...made('new_obj'), ...made('new_obj'), ...made('new_obj')],
    bufs: [...layout.bufs, ...made(program.allocate, [64]), ...made(program.allocate, [64])],
    cells: layout.cells,
  };
  for (let round = 0; round < CALLS; round++)
    for (const { name, params, result } of program.exports) {
      const args = params.map((kind) => argumentOf(kind, pool, next));
      const answer = make(name, args);
      if (typeof answer !== 'string' && result === 'obj') pool.objs.push(Number(answer));
      if (problems.length > 0) return problems;
    }
  for (const [base, count] of Object.entries(coverage.tally)) tally.claims[base] = (tally.claims[base] ?? 0) + count;
  return problems;
}
