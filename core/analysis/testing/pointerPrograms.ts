/**
 * For tests: random modules whose functions work on objects, lists, buffers, blocks of an allocator and frames, by
 * pointers that they pass to each other.
 */
import type { Random } from '../../testing/random.ts';
import { Bodies } from './pointerBodies.ts';
import { BUF, type Callee, type Kind, type Layout, layoutOf } from './pointerValues.ts';

/** An export of a random module; all but the allocator's take three values. */
export interface PointerExport {
  name: string;
  params: readonly Kind[];
  result: Kind | undefined;
}

/** A random module. */
export interface PointerProgram {
  text: string;
  layout: Layout;
  exports: readonly PointerExport[];
  /** Names of the exports that allocate a block of as many bytes as the argument says, and release one. */
  allocate: string;
  release: string;
}

const PARAMS: readonly Kind[] = ['obj', 'ownObj', 'ownObj', 'buf', 'half', 'ownHalf', 'ownBuf', 'cell', 'int', 'len'];
const RESULTS: readonly Kind[] = ['obj', 'obj', 'buf', 'int'];
const PAGES = 4;

/** A random module. Its functions call later ones only, so that every call ends. */
export function pointerProgram(next: Random): PointerProgram {
  const layout = layoutOf(next(4) === 0 ? 'i64' : 'i32');
  const count = 3 + next(3);
  const callees: Callee[] = Array.from({ length: count }, (_, slot) => ({
    name: `f${slot}`,
    params: [0, 1, 2].map(() => PARAMS[next(PARAMS.length)]),
    result: RESULTS[next(RESULTS.length)],
    slot,
  }));
  // Pairs that an indirect call can choose from.
  if (next(2) === 0) callees[count - 1] = { ...callees[count - 2], name: `f${count - 1}`, slot: count - 1 };
  const bodies = new Bodies(next, layout);
  const functions = callees.map((callee, i) => bodies.body(callee, callees.slice(i + 1)));
  const [allocate, release] = next(4) === 0 ? ['get_block', 'put_block'] : ['malloc', 'free'];
  const text = moduleText(layout, functions, callees, next)
    .replaceAll('$malloc', `$${allocate}`)
    .replaceAll('"malloc"', `"${allocate}"`)
    .replaceAll('$free', `$${release}`)
    .replaceAll('"free"', `"${release}"`);
  return {
    text,
    layout,
    allocate,
    release,
    exports: [
      ...callees.map(({ name, params, result }) => ({ name, params, result })),
      { name: 'new_obj', params: [], result: 'obj' },
      { name: 'push', params: ['cell'], result: 'obj' },
      { name: 'rec', params: ['ownHalf', 'int'], result: undefined },
      { name: 'walk', params: ['ownObj', 'int'], result: undefined },
      { name: 'nest', params: ['ownObj', 'few'], result: undefined },
      { name: 'build', params: ['cell', 'few'], result: undefined },
    ],
  };
}

function moduleText(layout: Layout, functions: readonly string[], callees: readonly Callee[], next: Random): string {
  const { type, stackTop, objs, heap } = layout;
  const limits = `${type === 'i64' ? 'i64 ' : ''}${PAGES} ${PAGES}${next(4) === 0 ? ' shared' : ''}`;
  const n = (value: number) => `(${type}.const ${value})`;
  const inGlobals = next(2) === 0;
  return `(module
  (type $all (func (param ${type} ${type} ${type}) (result ${type})))
  (import "env" "keep" (func $keep (param ${type})))
  (memory (export "memory") ${limits})
  (global $__stack_pointer (mut ${type}) ${n(stackTop)})
  (global $gp (mut ${type}) ${n(objs[0])})
  (global $count (mut ${type}) ${n(3)})
  (global $base ${type} ${n(objs[1])})
  (global $brk (mut ${type}) ${n(heap)})
  (global $list (mut ${type}) ${n(0)})
  (table ${callees.length} ${callees.length} funcref)
  (elem (i32.const 0) ${callees.map(({ name }) => `$${name}`).join(' ')})
  ${data(layout)}
  ${runtime(layout, inGlobals)}
  ${functions.join('\n  ')})`;
}

/** Static cells lead to static objects, those to static buffers, and the allocator begins behind the stack. */
function data({ word, cells, objs, bufs, objBytes, heapState, heap }: Layout): string {
  const bytes = (value: number): string =>
    Array.from(
      { length: word },
      (_, i) => `\\${(i < 4 ? (value >>> (8 * i)) & 255 : 0).toString(16).padStart(2, '0')}`,
    ).join('');
  const at = (address: number, ...values: number[]) =>
    `(data (${word === 8 ? 'i64' : 'i32'}.const ${address}) "${values.map(bytes).join('')}")`;
  const objects = objs.map((start, i) => at(start, 0, bufs[i], objBytes / word));
  return [at(cells[0], ...cells.map((_, i) => objs[i % objs.length])), ...objects, at(heapState, 0, heap)].join('\n  ');
}

/** The allocator, with a free list of blocks of one size, and functions on objects and lists. */
function runtime({ type, word, objBytes, bufs, heapState }: Layout, inGlobals: boolean): string {
  const n = (value: number) => `(${type}.const ${value})`;
  const [list, brk] = inGlobals
    ? ['(global.get $list)', '(global.get $brk)']
    : [`(${type}.load ${n(heapState)})`, `(${type}.load ${n(heapState + word)})`];
  const setList = (value: string) =>
    inGlobals ? `(global.set $list ${value})` : `(${type}.store ${n(heapState)} ${value})`;
  const setBrk = (value: string) =>
    inGlobals ? `(global.set $brk ${value})` : `(${type}.store ${n(heapState + word)} ${value})`;
  const p = '(local.get $p)';
  return `(func $malloc (export "malloc") (param $n ${type}) (result ${type}) (local $p ${type})
    (if (${type}.gt_u (local.get $n) ${n(BUF)}) (then (unreachable)))
    (if (${type}.ne (local.tee $p ${list}) ${n(0)}) (then ${setList(`(${type}.load ${p})`)} (return ${p})))
    (local.set $p ${brk})
    (if (${type}.gt_u (${type}.add ${p} ${n(BUF + 16)}) ${n(PAGES * 65536)}) (then (unreachable)))
    ${setBrk(`(${type}.add ${p} ${n(BUF + 16)})`)}
    (${type}.store ${p} (local.get $n))
    (${type}.add ${p} ${n(16)}))
  (func $free (export "free") (param $p ${type})
    (if (${type}.eqz ${p}) (then (return)))
    (${type}.store ${p} ${list})
    ${setList(p)})
  (func $new_buf (result ${type}) (local $p ${type})
    (memory.fill (local.tee $p (call $malloc ${n(BUF)})) (i32.const 0) ${n(BUF)})
    ${p})
  (func $new_obj (export "new_obj") (result ${type}) (local $p ${type})
    (local.set $p (call $malloc ${n(objBytes)}))
    (memory.fill ${p} (i32.const 0) ${n(objBytes)})
    (${type}.store offset=${word} ${p} ${n(bufs[0])})
    ${p})
  (func $push (export "push") (param $cell ${type}) (result ${type}) (local $p ${type})
    (${type}.store (local.tee $p (call $new_obj)) (${type}.load (local.get $cell)))
    (${type}.store (local.get $cell) ${p})
    (${type}.store offset=${3 * word} ${p} ${n(1)})
    ${p})
  (func $rec (export "rec") (param $p ${type}) (param $n ${type})
    (${type}.store8 ${p} (local.get $n))
    (if (${type}.ne (${type}.and (local.get $n) ${n(3)}) ${n(0)}) (then
      (call $rec (${type}.add ${p} ${n(8)}) (${type}.sub (${type}.and (local.get $n) ${n(3)}) ${n(1)})))))
  (func $walk (export "walk") (param $p ${type}) (param $n ${type})
    (if (${type}.eqz ${p}) (then (return)))
    (${type}.store offset=${4 * word} ${p} (local.get $n))
    (if (${type}.gt_s (local.get $n) ${n(0)}) (then
      (call $walk (${type}.load ${p}) (${type}.sub (local.get $n) ${n(1)})))))
  (func $nest (export "nest") (param $p ${type}) (param $n ${type}) (local $fp ${type})
    (global.set $__stack_pointer (local.tee $fp (${type}.sub (global.get $__stack_pointer) ${n(objBytes)})))
    (memory.fill (local.get $fp) (i32.const 0) ${n(objBytes)})
    (${type}.store offset=${5 * word} ${p} (local.get $n))
    (if (${type}.ne (local.get $n) ${n(0)}) (then (call $nest (local.get $fp) (${type}.sub (local.get $n) ${n(1)}))))
    (${type}.store offset=${6 * word} ${p} (${type}.load offset=${5 * word} (local.get $fp)))
    (global.set $__stack_pointer (${type}.add (local.get $fp) ${n(objBytes)})))
  (func $build (export "build") (param $cell ${type}) (param $n ${type}) (local $p ${type})
    (${type}.store (local.get $cell) (local.tee $p (call $new_obj)))
    (${type}.store offset=${3 * word} ${p} (local.get $n))
    (if (${type}.ne (local.get $n) ${n(0)}) (then (call $build ${p} (${type}.sub (local.get $n) ${n(1)})))))`;
}
