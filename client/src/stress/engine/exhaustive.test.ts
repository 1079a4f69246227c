/**
 * Exhaustive means all: on random programs the outcomes of an exploration are those of every interleaving, as a small
 * interpreter runs them one by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, random } from '../../../../server/test/random.ts';
import { explored } from '../testing/run.ts';

const CELLS = 3;

/** One step on one cell; cell 0 is a global, the others are words of memory. */
interface Step {
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

function randomProgram(next: Random, length: number): Step[] {
  return Array.from({ length }, () => {
    const kind = (['load', 'store', 'add', 'guarded'] as const)[next(4)];
    // A global has no atomic addition.
    const cell = kind === 'add' ? 1 + next(CELLS - 1) : next(CELLS);
    return { kind, cell, value: 1 + next(5) };
  });
}

/** Outcomes of all interleavings, of single steps or of whole programs. */
function outcomes(programs: readonly Step[][], whole: boolean): Set<string> {
  const found = new Set<string>();
  const run = (at: readonly number[], cells: readonly number[], accs: readonly number[]): void => {
    let done = true;
    programs.forEach((program, p) => {
      if (at[p] === program.length) return;
      done = false;
      const [nextAt, nextCells, nextAccs] = [at.slice(), cells.slice(), accs.slice()];
      do nextAccs[p] = perform(program[nextAt[p]++], nextCells, nextAccs[p]);
      while (whole && nextAt[p] < program.length);
      run(nextAt, nextCells, nextAccs);
    });
    if (done) found.add(`${accs.join()} ${cells.join()}`);
  };
  run(
    programs.map(() => 0),
    Array(CELLS).fill(0),
    programs.map((_, p) => p + 1),
  );
  return found;
}

async function check(programs: readonly Step[][]): Promise<boolean> {
  const functions = programs.map(
    (program, p) =>
      `(func (export "f${p}") (result i32) (local $acc i32) (local.set $acc (i32.const ${p + 1})) ${program.map(code).join(' ')} (local.get $acc))`,
  );
  const source = `(module (memory 1 1 shared) (global $g (mut i32) (i32.const 0)) ${functions.join('\n')})`;
  const result = await explored(source, { callers: programs.map((_, p) => [[`f${p}`]]) });
  const all = outcomes(programs, false);
  const serial = outcomes(programs, true);
  assert.equal(result.exhaustive, true, source);
  assert.equal(result.outcomes.serial, serial.size, source);
  assert.equal(result.outcomes.seen, all.size, source);
  assert.equal(result.wrongOutcome, all.size > serial.size, source);
  return result.wrongOutcome;
}

test('two callers', async () => {
  const next = random(4711);
  let wrong = 0;
  for (let n = 0; n < 150; n++)
    if (await check([randomProgram(next, 2 + next(4)), randomProgram(next, 2 + next(4))])) wrong++;
  assert.ok(wrong > 30 && wrong < 150, `${wrong} with wrong outcomes`);
});

test('three callers', async () => {
  const next = random(815);
  for (let n = 0; n < 60; n++) await check([0, 1, 2].map(() => randomProgram(next, 1 + next(3))));
});
