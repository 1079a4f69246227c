/**
 * For tests: litmus programs, as WebAssembly and for a small machine with store buffers that is written apart from the
 * engine's: it enumerates states, not executions.
 * Source: Owens, Sarkar, Sewell: A better x86 memory model: x86-TSO, TPHOLs 2009.
 */
import type { Random } from '../../testing/random.ts';

/** A step of a thread on a cell. */
export type LitmusStep =
  | { do: 'load'; cell: number }
  | { do: 'atomic-load'; cell: number }
  | { do: 'store' | 'atomic-store' | 'add'; cell: number; value: number }
  | { do: 'fence' };

/** Threads; all cells are zero at first. */
export type Litmus = readonly (readonly LitmusStep[])[];

/** Where the cells are: words of a memory, on lines of their own or together, or globals. */
export type Cells = 'apart' | 'together' | 'globals';

const cellsOf = (threads: Litmus): number =>
  1 + Math.max(0, ...threads.flat().map((step) => ('cell' in step ? step.cell : 0)));

/** `threads` in text form: `x=1 y | y=1 x`. */
export const litmusText = (threads: Litmus): string =>
  threads
    .map((steps) =>
      steps
        .map((step) => {
          if (step.do === 'fence') return 'fence';
          const name = 'xyzuvw'[step.cell];
          if (step.do === 'load') return name;
          if (step.do === 'atomic-load') return `${name}.a`;
          return `${name}${{ store: '=', 'atomic-store': '.a=', add: '+=' }[step.do]}${step.value}`;
        })
        .join(' '),
    )
    .join(' | ');

/** Reads `x=1 y | y=1 x`; see `litmusText`. */
export function litmus(text: string): Litmus {
  return text.split('|').map((thread) =>
    thread
      .trim()
      .split(/\s+/)
      .map((word): LitmusStep => {
        if (word === 'fence') return { do: 'fence' };
        const match = /^([xyzuvw])(\.a)?(?:(\+?=)(\d+))?$/.exec(word);
        if (match === null) throw new Error(`no step: ${word}`);
        const cell = 'xyzuvw'.indexOf(match[1]);
        const atomic = match[2] !== undefined;
        if (match[3] === undefined) return { do: atomic ? 'atomic-load' : 'load', cell };
        const value = Number(match[4]);
        return { do: match[3] === '+=' ? 'add' : atomic ? 'atomic-store' : 'store', cell, value };
      }),
  );
}

/** A random program of loads and stores with a few steps that order them. */
export function randomLitmus(next: Random, threads: number, steps: number, cells: number): Litmus {
  const kinds = [
    'load',
    'load',
    'load',
    'store',
    'store',
    'store',
    'add',
    'fence',
    'atomic-load',
    'atomic-store',
  ] as const;
  return Array.from({ length: threads }, () =>
    Array.from({ length: 1 + next(steps) }, (): LitmusStep => {
      const kind = kinds[next(kinds.length)];
      const cell = next(cells);
      if (kind === 'fence') return { do: kind };
      return kind === 'load' || kind === 'atomic-load' ? { do: kind, cell } : { do: kind, cell, value: 1 + next(3) };
    }),
  );
}

/** One export `t0`, `t1`, ... for each thread, which returns a digit for each value read, and `cells` for the contents. */
export function litmusModule(threads: Litmus, where: Cells): string {
  const count = cellsOf(threads);
  const at = (cell: number): string => `(i32.const ${cell * (where === 'apart' ? 64 : 4)})`;
  const plain = where === 'globals';
  const load = (cell: number, atomic: boolean): string =>
    plain ? `(global.get $g${cell})` : `(i32${atomic ? '.atomic' : ''}.load ${at(cell)})`;
  const read = (value: string): string => `(local.set $r (i32.add (i32.mul (local.get $r) (i32.const 10)) ${value}))`;
  const code = (step: LitmusStep): string => {
    switch (step.do) {
      case 'fence':
        return '(atomic.fence)';
      case 'load':
      case 'atomic-load':
        return read(load(step.cell, step.do === 'atomic-load'));
      case 'add':
        return read(`(i32.atomic.rmw.add ${at(step.cell)} (i32.const ${step.value}))`);
      default:
        return plain
          ? `(global.set $g${step.cell} (i32.const ${step.value}))`
          : `(i32${step.do === 'store' ? '' : '.atomic'}.store ${at(step.cell)} (i32.const ${step.value}))`;
    }
  };
  const contents = Array.from({ length: count }, (_, cell) => read(load(cell, false))).join(' ');
  const functions = threads.map(
    (steps, i) =>
      `(func (export "t${i}") (result i32) (local $r i32) (local.set $r (i32.const 1)) ${steps.map(code).join(' ')} (local.get $r))`,
  );
  const globals = Array.from({ length: count }, (_, cell) => `(global $g${cell} (mut i32) (i32.const 0))`).join(' ');
  return `(module ${plain ? globals : '(memory 1 1 shared)'}
    (func (export "cells") (result i32) (local $r i32) (local.set $r (i32.const 1)) ${contents} (local.get $r))
    ${functions.join('\n    ')})`;
}

interface State {
  at: number[];
  memory: number[];
  buffers: { cell: number; value: number }[][];
  read: number[];
}

/**
 * All outcomes: what the threads return, then the contents. `buffered`: with store buffers; otherwise each store is seen
 * by all at once.
 */
export function litmusOutcomes(threads: Litmus, buffered: boolean): Set<string> {
  const outcomes = new Set<string>();
  const known = new Set<string>();
  const states: State[] = [
    {
      at: threads.map(() => 0),
      memory: Array(cellsOf(threads)).fill(0),
      buffers: threads.map(() => []),
      read: threads.map(() => 1),
    },
  ];
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    const key = JSON.stringify(state);
    if (known.has(key)) continue;
    known.add(key);
    const successors = threads.flatMap((_, thread) => successorsOf(threads, state as State, thread, buffered));
    if (successors.length === 0)
      outcomes.add([...state.read, state.memory.reduce((sum, value) => sum * 10 + value, 1)].join());
    states.push(...successors);
  }
  return outcomes;
}

function successorsOf(threads: Litmus, state: State, thread: number, buffered: boolean): State[] {
  const found: State[] = [];
  const changed = (change: (copy: State) => void): void => {
    const copy = structuredClone(state);
    change(copy);
    found.push(copy);
  };
  const buffer = state.buffers[thread];
  if (buffer.length > 0)
    changed(({ memory, buffers }) => {
      memory[buffer[0].cell] = buffer[0].value;
      buffers[thread].shift();
    });
  const step = threads[thread][state.at[thread]];
  if (step === undefined) return found;
  const proceed = (change: (copy: State) => void): void =>
    changed((copy) => {
      copy.at[thread]++;
      change(copy);
    });
  const reads = (copy: State, value: number): void => {
    copy.read[thread] = copy.read[thread] * 10 + value;
  };
  switch (step.do) {
    case 'load':
    case 'atomic-load':
      proceed((copy) =>
        reads(copy, buffer.findLast(({ cell }) => cell === step.cell)?.value ?? state.memory[step.cell]),
      );
      break;
    case 'store':
      proceed((copy) => {
        if (buffered) copy.buffers[thread].push({ cell: step.cell, value: step.value });
        else copy.memory[step.cell] = step.value;
      });
      break;
    default:
      if (buffer.length > 0) break;
      proceed((copy) => {
        if (step.do === 'fence') return;
        if (step.do === 'add') reads(copy, copy.memory[step.cell]);
        copy.memory[step.cell] = step.do === 'add' ? copy.memory[step.cell] + step.value : step.value;
      });
  }
  return found;
}
