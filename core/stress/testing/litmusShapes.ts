/** For tests: straight programs of atomic accesses, and their classes of equivalent interleavings, by brute force. */
import type { Random } from '../../testing/random.ts';
import type { Call } from '../scenario/steps.ts';

/** One access of one cell. */
export interface ShapeStep {
  kind: 'load' | 'store' | 'add';
  cell: number;
}

/** Steps of each caller. */
export type Shape = readonly (readonly ShapeStep[])[];

const MOST_STEPS = 9;

/** Two to four callers on one to four cells. */
export function randomShape(next: Random): Shape {
  const callers = 2 + next(3);
  const cells = 1 + next(4);
  const most = 1 + next(4);
  let left = MOST_STEPS;
  return Array.from({ length: callers }, (_, i) => {
    const length = Math.min(1 + next(most), left - (callers - 1 - i));
    left -= length;
    return Array.from({ length }, () => ({ kind: (['load', 'store', 'add'] as const)[next(3)], cell: next(cells) }));
  });
}

/** The calls of `SHAPE_MODULE` that perform a shape. */
export const shapeCalls = (shape: Shape): Call[][] =>
  shape.map((steps, caller) =>
    steps.map(({ kind, cell }, i) =>
      kind === 'store' ? [kind, (cell + 1) * 64, caller * 10 + i + 1] : [kind, (cell + 1) * 64],
    ),
  );

/** One export for each kind of access; cells are a line apart. */
export const SHAPE_MODULE = `(module (memory 1 1 shared)
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (local.get 0) (i32.const 1))))`;

/** The steps on cells that two callers use, one of them changing it. */
export function sharedSteps(shape: Shape): Shape {
  const isShared = (cell: number): boolean =>
    shape.filter((steps) => steps.some((step) => step.cell === cell)).length > 1 &&
    shape.some((steps) => steps.some((step) => step.cell === cell && step.kind !== 'load'));
  return shape.map((steps) => steps.filter(({ cell }) => isShared(cell)));
}

/** The class of an interleaving, given as one caller for each step: for each cell its changes, and what is read between. */
export function classOf(shape: Shape, interleaving: readonly number[]): string {
  const at = shape.map(() => 0);
  const cells = new Map<number, string[][]>();
  for (const caller of interleaving) {
    const index = at[caller]++;
    const { kind, cell } = shape[caller][index];
    const rounds = cells.get(cell) ?? [[]];
    cells.set(cell, rounds);
    if (kind === 'load') rounds.at(-1)?.push(`${caller}.${index}`);
    else rounds.push([`${caller}.${index}!`], []);
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([cell, rounds]) => `${cell}:${rounds.map((round) => round.sort().join(' ')).join('/')}`)
    .join(' | ');
}

/** The classes of all interleavings. */
export function classesOf(shape: Shape): Set<string> {
  const found = new Set<string>();
  const at = shape.map(() => 0);
  const order: number[] = [];
  const extend = (): void => {
    let over = true;
    for (const [caller, steps] of shape.entries()) {
      if (at[caller] === steps.length) continue;
      over = false;
      at[caller]++;
      order.push(caller);
      extend();
      order.pop();
      at[caller]--;
    }
    if (over) found.add(classOf(shape, order));
  };
  extend();
  return found;
}
