/**
 * For tests: the values of random programs with pointers, as WebAssembly text. Every pointer is typed, so that programs
 * keep the rules of compiled code: an index stays within its object, and frames are not kept beyond their function.
 */
import type { Random } from '../../testing/random.ts';

/**
 * What a value is.
 * - `int`: any number; `len`: one from 0 to `HALF`; `few`: one from 0 to 3, of arguments only
 * - `obj`: an object, see `Layout`; `buf`: `BUF` bytes without pointers; `half`: `HALF` of them
 * - `own...`: the same, perhaps in a frame or released later: must not be stored
 * - `cell`: where an `obj` is kept; must not be stored
 */
export type Kind = 'int' | 'len' | 'few' | 'obj' | 'ownObj' | 'buf' | 'half' | 'ownBuf' | 'ownHalf' | 'cell';

/** Bytes of buffers. */
export const BUF = 64;
/** Bytes that a pointer into a buffer has at least behind it. */
export const HALF = 32;

/** Where things are, by the width of an address. Objects have a next one or zero, a buffer, a length and numbers. */
export interface Layout {
  /** `i32` or `i64`: the type of all values. */
  type: 'i32' | 'i64';
  /** Bytes of a pointer. */
  word: 4 | 8;
  objBytes: number;
  /** Static words that hold objects, static objects, static buffers, a static array of eight times 16 bytes. */
  cells: number[];
  objs: number[];
  bufs: number[];
  array: number;
  /** State of the allocator, if it is not in globals. */
  heapState: number;
  stackTop: number;
  heap: number;
}

/** The layout of a module with addresses of that type. */
export function layoutOf(type: Layout['type']): Layout {
  const word = type === 'i32' ? 4 : 8;
  const objBytes = 8 * word;
  const row = (start: number, size: number, count: number) => Array.from({ length: count }, (_, i) => start + i * size);
  return {
    type,
    word,
    objBytes,
    cells: row(1024, word, 4),
    objs: row(1088, objBytes, 3),
    bufs: row(1344, BUF, 3),
    array: 1536,
    heapState: 1664,
    stackTop: 18432,
    heap: 20480,
  };
}

/** Bytes of a frame: an object, a buffer, a cell and a word for a pointer that must not be stored elsewhere. */
export const frameBytes = ({ objBytes, word }: Layout): number => (objBytes + BUF + 2 * word + 15) & -16;

/** A function that others may call. */
export interface Callee {
  name: string;
  params: readonly Kind[];
  result: Kind;
  /** Slot in the table. */
  slot: number;
}

/** Kinds whose values can stand for a kind. */
const FITTING: Readonly<Record<Kind, readonly Kind[]>> = {
  int: ['int', 'len'],
  len: ['len'],
  few: [],
  obj: ['obj'],
  ownObj: ['ownObj', 'obj'],
  buf: ['buf'],
  half: ['half', 'buf'],
  ownBuf: ['ownBuf', 'buf'],
  ownHalf: ['ownHalf', 'half', 'ownBuf', 'buf'],
  cell: ['cell', 'obj'],
};

/** Whether a value of kind `given` can stand for one of kind `wanted`. */
const fits = (given: Kind, wanted: Kind): boolean => FITTING[wanted].includes(given);

/** Writes expressions. Their operands are evaluated in order; `$t` and `$d` are locals for one expression. */
export class Values {
  readonly next: Random;
  readonly layout: Layout;
  /** Kind of what each variable holds now; undefined for nothing of use. */
  protected vars: (Kind | undefined)[] = [];
  protected hasFrame = false;
  /** What the function may call now. */
  protected callees: readonly Callee[] = [];
  private serial = 0;

  constructor(next: Random, layout: Layout) {
    this.next = next;
    this.layout = layout;
  }

  protected pick<T>(items: readonly T[]): T {
    return items[this.next(items.length)];
  }

  protected label = (): string => `$l${this.serial++}`;

  protected number = (n: number): string => `(${this.layout.type}.const ${n})`;
  protected op = (name: string, ...operands: string[]): string => `(${this.layout.type}.${name} ${operands.join(' ')})`;
  protected add = (a: string, n: number): string => (n === 0 ? a : this.op('add', a, this.number(n)));
  protected isSet = (value: string): string => this.op('ne', value, this.number(0));
  protected condition = (): string => this.isSet(this.op('and', this.value('int', 1), this.number(1)));
  /** An element of four bytes of a buffer. */
  protected element = (form: 'load' | 'store'): string =>
    this.layout.type === 'i32' ? form : form === 'load' ? 'load32_u' : 'store32';

  protected variable(kind: Kind): string | undefined {
    const fitting = this.vars.flatMap((held, i) => (held !== undefined && fits(held, kind) ? [i] : []));
    return fitting.length === 0 ? undefined : `(local.get ${this.pick(fitting)})`;
  }

  /** A value of a kind. `depth` bounds its size. */
  value(kind: Kind, depth: number): string {
    const known = this.variable(kind);
    if (known !== undefined && this.next(depth > 0 ? 3 : 6) > 0) return known;
    if (depth > 0 && kind !== 'int' && kind !== 'len' && this.next(4) === 0) return this.changed(kind, depth - 1);
    if (depth > 0 && this.next(6) === 0) {
      const made = this.callOf(kind, depth - 1);
      if (made !== undefined) return made;
    }
    switch (kind) {
      case 'int':
        return this.int(depth);
      case 'few':
        return this.number(this.next(4));
      case 'len':
        return this.next(2) === 0
          ? this.number(this.next(HALF + 1))
          : this.op('and', this.value('int', depth - 1), this.number(HALF - 1));
      case 'obj':
        return this.obj(depth);
      case 'ownObj':
        return this.hasFrame && this.next(2) === 0 ? this.ownObj() : this.obj(depth);
      case 'cell':
        return this.cell(depth);
      case 'buf':
        return this.buf(depth);
      case 'ownBuf':
        return this.hasFrame && this.next(2) === 0
          ? this.add('(local.get $fp)', this.layout.objBytes)
          : this.buf(depth);
      case 'half':
      case 'ownHalf':
        return this.within(this.value(kind === 'half' ? 'buf' : 'ownBuf', depth - 1), depth);
    }
  }

  /** A place in the first half of a buffer. */
  private within(buffer: string, depth: number): string {
    if (this.next(2) === 0) return this.add(buffer, this.next(9) * 4);
    return this.op('add', buffer, this.index(depth - 1));
  }

  /** The offset of one of the first eight elements. */
  protected index(depth: number): string {
    const bounded =
      this.next(3) === 0
        ? this.op('rem_u', this.value('int', depth), this.number(8))
        : this.op('and', this.value('int', depth), this.number(7));
    return this.next(2) === 0 ? this.op('shl', bounded, this.number(2)) : this.op('mul', bounded, this.number(4));
  }

  /** A value that is chosen between two, or computed back and forth. */
  private changed(kind: Kind, depth: number): string {
    const { type } = this.layout;
    const one = this.value(kind, depth);
    const { number, op } = this;
    const aligned = kind !== 'half' && kind !== 'ownHalf';
    switch (this.next(11)) {
      case 0:
        return `(select ${one} ${this.value(kind, depth)} ${this.condition()})`;
      case 1: {
        const label = this.label();
        return `(block ${label} (result ${type}) (drop (br_if ${label} ${one} ${this.condition()})) ${this.value(kind, depth)})`;
      }
      case 2:
        return `(if (result ${type}) ${this.condition()} (then ${one}) (else ${this.value(kind, depth)}))`;
      case 3:
        return aligned ? op('and', one, number(-8)) : one;
      case 4: {
        const n = 4 * this.next(6);
        return op('sub', this.add(one, n), number(n));
      }
      case 5:
        return type === 'i32'
          ? `(i32.wrap_i64 (i64.add (i64.extend_i32_u ${one}) (i64.const 0)))`
          : `(i64.extend_i32_u (i32.wrap_i64 ${one}))`;
      case 6: {
        const label = this.label();
        return `(block ${label} (result ${type}) ${one} ${this.smallCondition()} (br_table ${label} ${label}))`;
      }
      case 7: // A pointer and a length in one number.
        return type === 'i32'
          ? `(i32.wrap_i64 (i64.or (i64.extend_i32_u ${one}) (i64.shl (i64.extend_i32_u ${this.value('int', 0)}) (i64.const 32))))`
          : one;
      case 8: // A tag in the lowest bit.
        return aligned ? op('and', op('or', one, number(1)), number(-2)) : one;
      case 9:
        return aligned ? op('shl', op('shr_u', one, number(3)), number(3)) : one;
      default: // By the distance from another pointer.
        return op('add', op('sub', one, `(local.tee $d ${this.value(kind, 0)})`), '(local.get $d)');
    }
  }

  /** An i32 below three. */
  protected smallCondition(): string {
    const bits = this.op('and', this.value('int', 0), this.number(1));
    return this.layout.type === 'i32' ? bits : `(i32.wrap_i64 ${bits})`;
  }

  /** A call of a function that returns such a value, if there is one. */
  protected callOf(kind: Kind, depth: number): string | undefined {
    const fitting = this.callees.filter(({ result }) => fits(result, kind));
    return fitting.length === 0 ? undefined : this.call(this.pick(fitting), depth);
  }

  protected call(callee: Callee, depth: number): string {
    const args = callee.params.map((param) => this.value(param, depth)).join(' ');
    if (this.next(4) > 0) return `(call $${callee.name} ${args})`;
    const others = this.callees.filter(
      (one) => one.result === callee.result && one.params.join() === callee.params.join() && one !== callee,
    );
    const other = others.length > 0 ? this.pick(others) : callee;
    const slot = `(select (i32.const ${callee.slot}) (i32.const ${other.slot}) ${this.condition()})`;
    return `(call_indirect (type $all) ${args} ${slot})`;
  }

  private int(depth: number): string {
    const { word } = this.layout;
    if (depth <= 0) return this.next(2) === 0 ? '(global.get $count)' : this.number(this.next(12));
    switch (this.next(7)) {
      case 0:
        return this.op('load', `offset=${(2 + this.next(6)) * word}`, this.value('ownObj', depth - 1));
      case 1: {
        const at = this.op('add', this.value('ownHalf', depth - 1), this.index(depth - 1));
        return `(${this.layout.type}.${this.pick([this.element('load'), 'load8_u', 'load16_s'])} ${at})`;
      }
      case 2:
        return this.op(
          this.pick(['add', 'sub', 'mul', 'xor']),
          this.value('int', depth - 1),
          this.value('int', depth - 1),
        );
      case 3:
        return this.op('shr_u', this.value('int', depth - 1), this.number(this.next(4)));
      case 4:
        return `(${this.layout.type}.${this.element('load')} ${this.inArray(depth - 1)})`;
      case 5:
        return '(global.get $count)';
      default:
        return this.number(this.next(12));
    }
  }

  /** A place in the static array of structures. */
  protected inArray(depth: number): string {
    const { array } = this.layout;
    const at = this.op('shl', this.op('and', this.value('int', depth), this.number(7)), this.number(4));
    const field = this.next(4) * 4;
    return this.next(2) === 0
      ? `offset=${array + field} ${at}`
      : `offset=${field} ${this.op('add', this.number(array), at)}`;
  }

  private ownObj(): string {
    const { objBytes, word } = this.layout;
    return this.next(3) === 0
      ? this.op('load', `offset=${objBytes + BUF + word}`, '(local.get $fp)')
      : '(local.get $fp)';
  }

  private obj(depth: number): string {
    const { layout } = this;
    const atom = this.variable('obj') ?? this.number(this.pick(layout.objs));
    if (depth <= 0) return atom;
    switch (this.next(8)) {
      case 0:
        return this.op('load', this.number(this.pick(layout.cells)));
      case 1:
        return '(global.get $gp)';
      case 2:
        return '(call $new_obj)';
      case 3:
      case 4:
      case 5: {
        const following = this.op('load', this.value(this.next(3) === 0 ? 'cell' : 'ownObj', depth - 1));
        return `(select (local.tee $t ${following}) ${atom} ${this.isSet('(local.get $t)')})`;
      }
      case 6:
        return '(global.get $base)';
      default:
        return this.number(this.pick(layout.objs));
    }
  }

  private cell(depth: number): string {
    const { objBytes, cells } = this.layout;
    if (this.hasFrame && this.next(3) === 0) return this.add('(local.get $fp)', objBytes + BUF);
    if (depth > 0 && this.next(2) === 0) return this.value('obj', depth - 1);
    return this.number(this.pick(cells));
  }

  private buf(depth: number): string {
    const { bufs, word } = this.layout;
    if (depth > 0) {
      const choice = this.next(5);
      if (choice < 2) return this.op('load', `offset=${word}`, this.value('ownObj', depth - 1));
      if (choice === 2) return `(call $malloc ${this.number(BUF)})`;
      if (choice === 3) return `(call $new_buf)`;
    }
    return this.number(this.pick(bufs));
  }
}
