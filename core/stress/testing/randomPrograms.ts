/** For tests: random programs on a global and words of memory, as WebAssembly and for a small interpreter. */
import type { Random } from '../../testing/random.ts';

const CELLS = 3;

/** One step on one cell; cell 0 is a global, the others are words of memory. */
export interface Step {
  kind: 'load' | 'store' | 'add' | 'guarded';
  cell: number;
  value: number;
}

/** acc is the value that a caller carries and returns. */
function perform(step: Step, cells: number[], acc: number): number {
  switch (step.kind) {
    case 'load':
      return (acc * 3 + cells[step.cell]) | 0;
    case 'store':
      cells[step.cell] = (acc + step.value) | 0;
      return acc;
    case 'add': {
      const old = cells[step.cell];
      cells[step.cell] = (old + step.value) | 0;
      return (acc * 3 + old) | 0;
    }
    default:
      // Only a read when the value is odd.
      if (acc & 1) return (acc + cells[step.cell]) | 0;
      cells[step.cell] = step.value;
      return acc;
  }
}

function code({ kind, cell, value }: Step): string {
  const load = cell === 0 ? '(global.get $g)' : `(i32.atomic.load (i32.const ${cell * 64}))`;
  const store = (x: string) =>
    cell === 0 ? `(global.set $g ${x})` : `(i32.atomic.store (i32.const ${cell * 64}) ${x})`;
  const mixed = (x: string) => `(local.set $acc (i32.add (i32.mul (local.get $acc) (i32.const 3)) ${x}))`;
  switch (kind) {
    case 'load':
      return mixed(load);
    case 'store':
      return store(`(i32.add (local.get $acc) (i32.const ${value}))`);
    case 'add':
      return mixed(`(i32.atomic.rmw.add (i32.const ${cell * 64}) (i32.const ${value}))`);
    default:
      return `(if (i32.and (local.get $acc) (i32.const 1)) (then (local.set $acc (i32.add (local.get $acc) ${load}))) (else ${store(`(i32.const ${value})`)}))`;
  }
}

/** A program of `length` steps. */
export function randomProgram(next: Random, length: number): Step[] {
  return Array.from({ length }, () => {
    const kind = (['load', 'store', 'add', 'guarded'] as const)[next(4)];
    // A global has no atomic addition.
    const cell = kind === 'add' ? 1 + next(CELLS - 1) : next(CELLS);
    return { kind, cell, value: 1 + next(5) };
  });
}

/** How programs are interleaved: whole, by steps, or by steps with store buffers as processors have. */
export type Together = 'whole' | 'steps' | 'buffered';

/**
 * Outcomes of all interleavings. Buffered (total store order, x86): stores to the global wait in the caller's buffer,
 * where only its own loads see them; atomic stores and additions flush it first.
 */
export function outcomesOf(programs: readonly Step[][], together: Together): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const run = (
    at: readonly number[],
    cells: readonly number[],
    accs: readonly number[],
    waiting: readonly number[][],
  ): void => {
    const key = JSON.stringify([at, cells, accs, waiting]);
    if (seen.has(key)) return;
    seen.add(key);
    let done = true;
    programs.forEach((program, p) => {
      if (waiting[p].length > 0) {
        done = false;
        run(
          at,
          cells.with(0, waiting[p][0]),
          accs,
          waiting.map((one, i) => (i === p ? one.slice(1) : one)),
        );
      }
      if (at[p] === program.length) return;
      done = false;
      const [nextAt, nextCells, nextAccs] = [at.slice(), cells.slice(), accs.slice()];
      if (together !== 'buffered') {
        do nextAccs[p] = perform(program[nextAt[p]++], nextCells, nextAccs[p]);
        while (together === 'whole' && nextAt[p] < program.length);
        run(nextAt, nextCells, nextAccs, waiting);
        return;
      }
      const own = cells.with(0, waiting[p].at(-1) ?? cells[0]);
      const stores = storedBy(program[at[p]], accs[p]);
      if (stores !== undefined && stores > 0 && waiting[p].length > 0) return;
      nextAccs[p] = perform(program[nextAt[p]++], own, nextAccs[p]);
      if (stores === 0)
        run(
          nextAt,
          cells,
          nextAccs,
          waiting.map((one, i) => (i === p ? [...one, own[0]] : one)),
        );
      else run(nextAt, own.with(0, cells[0]), nextAccs, waiting);
    });
    if (done) found.add(`${accs.join()} ${cells.join()}`);
  };
  run(
    programs.map(() => 0),
    Array(CELLS).fill(0),
    programs.map((_, p) => p + 1),
    programs.map(() => []),
  );
  return found;
}

/** The cell that a step writes. */
function storedBy({ kind, cell }: Step, acc: number): number | undefined {
  if (kind === 'load' || (kind === 'guarded' && (acc & 1) === 1)) return undefined;
  return cell;
}

/** One export `f0`, `f1`, ... for each program, and `cells`, which returns the final contents. */
export function moduleOf(programs: readonly Step[][]): string {
  const functions = programs.map(
    (program, p) =>
      `(func (export "f${p}") (result i32) (local $acc i32) (local.set $acc (i32.const ${p + 1})) ${program.map(code).join(' ')} (local.get $acc))`,
  );
  const words = Array.from({ length: CELLS - 1 }, (_, i) => `(i32.load (i32.const ${(i + 1) * 64}))`);
  return `(module (memory 1 1 shared) (global $g (mut i32) (i32.const 0))
    (func (export "cells") (result ${'i32 '.repeat(CELLS)}) (global.get $g) ${words.join(' ')})
    ${functions.join('\n')})`;
}
