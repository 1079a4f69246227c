/**
 * For tests: random modules with all the state that threads can share: globals of every number type, memories of both
 * widths that grow, with passive data; their functions loop, call each other, trap, and nest no deeper than their number.
 */
import type { Random } from '../../testing/random.ts';

const FUNCTIONS = 4;
/** In bytes, near the end of the first page among them. */
const ADDRESSES = [0, 1, 7, 64, 4096, 65528, 65535, 65536, 131072];
const GLOBALS = { i32: '$i', i64: '$l', f32: '$f', f64: '$d' } as const;
type Type = keyof typeof GLOBALS;
const TYPES = Object.keys(GLOBALS) as Type[];
const MEMORIES = [
  { name: '$a', address: 'i32' },
  { name: '$b', address: 'i64' },
] as const;

class Writer {
  private readonly next: Random;
  private func = 0;
  private labels = 0;

  constructor(next: Random) {
    this.next = next;
  }

  private pick = <T>(items: readonly T[]): T => items[this.next(items.length)];

  private constant(type: Type): string {
    return `(${type}.const ${type.startsWith('i') ? this.next(9) - 2 : this.pick(['-0', '1.5', '-2.25', 'inf', '3'])})`;
  }

  private value(type: Type, depth = 0): string {
    const of = (): string => this.value(type, depth + 1);
    switch (this.next(depth > 2 ? 2 : 7)) {
      case 0:
        return this.constant(type);
      case 1:
        return type === 'i32' ? `(local.get ${this.next(2)})` : `(global.get ${GLOBALS[type]})`;
      case 2:
        return `(global.get ${GLOBALS[type]})`;
      case 3:
        // Not NaN, whose bits are the engine's choice.
        return type.startsWith('i') ? `(${type}.${this.pick(['add', 'mul', 'xor', 'rem_s'])} ${of()} ${of()})` : of();
      case 4: {
        const { name, address } = this.pick(MEMORIES);
        return type.startsWith('i')
          ? `(${type}.load${this.pick(['', '8_u', '16_s'])} ${name} ${this.at(address)})`
          : of();
      }
      case 5:
        return type === 'i32' ? `(memory.size $a)` : type === 'i64' ? `(memory.size $b)` : of();
      default:
        return type === 'i32' && this.func > 0 ? `(call $f${this.next(this.func)} ${of()} ${of()})` : of();
    }
  }

  private at(address: 'i32' | 'i64'): string {
    return `(${address}.const ${this.pick(ADDRESSES)})`;
  }

  private statement(depth: number): string {
    const type = this.pick(TYPES);
    const { name, address } = this.pick(MEMORIES);
    switch (this.next(depth > 1 ? 7 : 10)) {
      case 0:
      case 1:
        return `(global.set ${GLOBALS[type]} ${this.value(type)})`;
      case 2:
      case 3:
        return `(${type}.store ${name} ${this.at(address)} ${this.value(type)})`;
      case 4:
        return `(local.set ${this.next(2)} ${this.value('i32')})`;
      case 5:
        return `(global.set $v (i64x2.add (global.get $v) (i64x2.splat ${this.value('i64')})))`;
      case 6:
        return this.pick([
          `(drop (memory.grow $a ${this.constant('i32')}))`,
          `(local.set 0 (memory.grow $a (i32.const 1)))`,
          `(drop (memory.grow $b (i64.const 1)))`,
          `(memory.fill ${name} ${this.at(address)} (i32.const ${this.next(256)}) (${address}.const ${this.next(9)}))`,
          `(memory.init $a $p (i32.const ${this.pick(ADDRESSES)}) (i32.const ${this.next(4)}) (i32.const ${this.next(4)}))`,
          `(memory.copy $a $a ${this.at('i32')} ${this.at('i32')} (i32.const ${this.next(9)}))`,
        ]);
      case 7:
        return `(if ${this.value('i32')} (then ${this.statements(depth + 1)}) (else ${this.statements(depth + 1)}))`;
      case 8: {
        const counter = `$n${this.labels++ % 3}`;
        return `(local.set ${counter} (i32.const ${1 + this.next(4)})) (loop $l${depth} ${this.statements(2)}
          (br_if $l${depth} (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))))`;
      }
      default:
        return this.next(6) === 0
          ? 'unreachable'
          : `(local.set 1 (i32.atomic.rmw.add $a (i32.const 64) ${this.value('i32')}))`;
    }
  }

  private statements(depth: number): string {
    return Array.from({ length: 1 + this.next(3) }, () => this.statement(depth)).join('\n');
  }

  function(func: number): string {
    this.func = func;
    this.labels = 0;
    return `(func $f${func} (export "f${func}") (param i32 i32) (result i32) (local $n0 i32) (local $n1 i32) (local $n2 i32)
      ${this.statements(0)} ${this.statements(0)} ${this.value('i32')})`;
  }
}

/** Exports `f0` to `f3`, which take two i32 and return one, and `state`, which returns what globals hold. */
export function randomStateModule(next: Random): string {
  const writer = new Writer(next);
  const functions = Array.from({ length: FUNCTIONS }, (_, func) => writer.function(func));
  return `(module (memory $a 1 3) (memory $b i64 1 2) (data (memory $a) (i32.const 60) "abcdefgh") (data $p "\\01\\02\\03")
    (data (memory $b) (i64.const 1) "xyz")
    (global $i (mut i32) (i32.const 1)) (global $l (mut i64) (i64.const -1)) (global $f (mut f32) (f32.const 0.5))
    (global $d (mut f64) (f64.const -3)) (global $v (mut v128) (v128.const i64x2 1 2))
    (func (export "state") (result i32 i64 f32 f64 i64 i32 i64) (global.get $i) (global.get $l) (global.get $f) (global.get $d)
      (i64x2.extract_lane 1 (global.get $v)) (i32.load $a (i32.const 64)) (i64.load $b (i64.const 64)))
    ${functions.join('\n')})`;
}
