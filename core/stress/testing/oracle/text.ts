/** A program of the oracle as WebAssembly text. */
import {
  DATA,
  ELEMENTS,
  exportOf,
  type Instruction,
  type Item,
  type MemoryShape,
  type Place,
  type Program,
  RETURNED,
  SECOND_TABLE,
  TABLE_SIZE,
} from './program.ts';

const suffix = (width: number): string => (width === 8 ? '' : `${width * 8}_u`);
const bits = (width: number): string => (width === 8 ? '' : `${width * 8}`);
const value = (v: number, mixes: boolean): string =>
  mixes ? `(i64.add (local.get $acc) (i64.const ${v}))` : `(i64.const ${v})`;
const fold = (x: string): string => `(local.set $acc (i64.add (i64.mul (local.get $acc) (i64.const 31)) ${x}))`;
const fold32 = (x: string): string => fold(`(i64.extend_i32_u ${x})`);
const foldSize = (is64: boolean, x: string): string => (is64 ? fold(x) : fold32(x));
const lane = (i: number): string => `(i64x2.extract_lane ${i} (local.get $v))`;
const foldVector = (x: string): string => `(local.set $v ${x}) ${fold(lane(0))} ${fold(lane(1))}`;
const index = (is64: boolean, n: number): string => `(i${is64 ? 64 : 32}.const ${n})`;
const ITEM_TEXT = ['(ref.null func)', '(ref.func $first)', '(ref.func $second)', '(ref.func $other)'];
const itemText = (item: Item): string => ITEM_TEXT[item];

/** The one instruction of a step that accesses state comes from here; its operands are constants. */
function code(step: Instruction, memories: readonly MemoryShape[]): string {
  /** Immediates and address of a memory instruction. */
  const at = (place: Place): string =>
    `${place.memory} offset=${place.offset} ${index(memories[place.memory].is64, place.at - place.offset)}`;
  const plainAt = (place: Place): string => at(place).replace(/offset=\d+/, '$& align=1');
  switch (step.op) {
    case 'load':
      if (step.width === 16) return foldVector(`(v128.load ${plainAt(step)})`);
      return fold(
        step.atomic
          ? `(i64.atomic.load${suffix(step.width)} ${at(step)})`
          : `(i64.load${suffix(step.width)} ${plainAt(step)})`,
      );
    case 'store': {
      const v = value(step.value, step.mixes);
      if (step.width === 16) return `(v128.store ${plainAt(step)} (i64x2.splat ${v}))`;
      return step.atomic
        ? `(i64.atomic.store${bits(step.width)} ${at(step)} ${v})`
        : `(i64.store${bits(step.width)} ${plainAt(step)} ${v})`;
    }
    case 'add':
    case 'exchange': {
      const name = step.op === 'add' ? 'add' : 'xchg';
      const form = step.width === 8 ? `rmw.${name}` : `rmw${step.width * 8}.${name}_u`;
      return fold(`(i64.atomic.${form} ${at(step)} (i64.const ${step.value}))`);
    }
    case 'compareExchange': {
      const form = step.width === 8 ? 'rmw.cmpxchg' : `rmw${step.width * 8}.cmpxchg_u`;
      return fold(`(i64.atomic.${form} ${at(step)} (i64.const ${step.expected}) (i64.const ${step.value}))`);
    }
    case 'global.get':
      return step.global === 0 ? fold('(global.get $g)') : foldVector('(global.get $w)');
    case 'global.set': {
      const v = value(step.value, step.mixes);
      return step.global === 0 ? `(global.set $g ${v})` : `(global.set $w (i64x2.splat ${v}))`;
    }
    case 'table.get':
      return fold32(`(ref.is_null (table.get ${step.table} (i32.const ${step.slot})))`);
    case 'call_indirect':
      return fold(`(call_indirect ${step.table} (type $returns) (i32.const ${step.slot}))`);
    case 'table.set':
      return `(table.set ${step.table} (i32.const ${step.slot}) ${itemText(step.item)})`;
    case 'table.size':
      return fold32(`(table.size ${step.table})`);
    case 'table.grow':
      return fold32(`(table.grow ${step.table} ${itemText(step.item)} (i32.const ${step.by}))`);
    case 'table.fill':
      return `(table.fill ${step.table} (i32.const ${step.slot}) ${itemText(step.item)} (i32.const ${step.count}))`;
    case 'table.copy':
      return `(table.copy ${step.to} ${step.from} (i32.const ${step.toSlot}) (i32.const ${step.fromSlot}) (i32.const ${step.count}))`;
    case 'table.init':
      return `(table.init ${step.table} $e (i32.const ${step.slot}) (i32.const ${step.from}) (i32.const ${step.count}))`;
    case 'elem.drop':
      return '(elem.drop $e)';
    case 'memory.size':
      return foldSize(memories[step.memory].is64, `(memory.size ${step.memory})`);
    case 'memory.grow': {
      const { is64 } = memories[step.memory];
      return foldSize(is64, `(memory.grow ${step.memory} ${index(is64, step.by)})`);
    }
    case 'memory.fill': {
      const { is64 } = memories[step.memory];
      return `(memory.fill ${step.memory} ${index(is64, step.at)} (i32.const ${step.value}) ${index(is64, step.count)})`;
    }
    case 'memory.copy': {
      const [to, from] = [memories[step.to].is64, memories[step.from].is64];
      return `(memory.copy ${step.to} ${step.from} ${index(to, step.at)} ${index(from, step.fromAt)} ${index(to && from, step.count)})`;
    }
    case 'memory.init':
      return `(memory.init ${step.memory} $d ${index(memories[step.memory].is64, step.at)} (i32.const ${step.from}) (i32.const ${step.count}))`;
    case 'data.drop':
      return '(data.drop $d)';
    case 'wait':
      return fold32(
        `(memory.atomic.wait${step.width * 8} ${at(step)} (i${step.width * 8}.const ${step.expected}) (i64.const ${step.timeout}))`,
      );
    case 'notify':
      return fold32(`(memory.atomic.notify ${at(step)} (i32.const ${step.count}))`);
    case 'suspend':
      return '(call $sleep)';
  }
}

/** The module: an export for each call of each caller, `exportOf`. */
export function watOf({ model, memories, tableMax, callers }: Program): string {
  const limits = memories.map(({ is64, max, shared }) => `${is64 ? 'i64 ' : ''}1 ${max}${shared ? ' shared' : ''}`);
  const imports = model === 'shared-memory' ? [`(import "env" "memory" (memory ${limits[0]}))`] : [];
  if (model === 'cooperative') imports.push('(import "env" "sleep" (func $sleep))');
  const own = (model === 'shared-memory' ? limits.slice(1) : limits).map((one) => `(memory ${one})`);
  const functions = callers.flatMap((calls, p) =>
    calls.map((steps, call) => {
      const body = steps.map((step) => {
        const text = code(step, memories);
        return step.guarded ? `(if (i32.wrap_i64 (i64.and (local.get $acc) (i64.const 1))) (then ${text}))` : text;
      });
      return `(func (export "${exportOf(p, call)}") (result i64) (local $acc i64) (local $v v128)
      (local.set $acc (i64.const ${p + 1}))
      ${body.join('\n      ')}
      (local.get $acc))`;
    }),
  );
  return `(module
    (type $returns (func (result i64)))
    ${[...imports, ...own].join(' ')}
    (global $g (mut i64) (i64.const 0)) (global $w (mut v128) (v128.const i64x2 0 0))
    (table ${TABLE_SIZE} ${tableMax} funcref) (table ${TABLE_SIZE} ${TABLE_SIZE} funcref)
    (elem (table 1) (i32.const 0) funcref ${SECOND_TABLE.map(itemText).join(' ')})
    (elem declare func $first $second $other)
    (elem $e funcref ${ELEMENTS.map(itemText).join(' ')})
    (func $first (type $returns) (i64.const ${RETURNED[1]})) (func $second (type $returns) (i64.const ${RETURNED[2]}))
    (func $other)
    (data $d "${DATA.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")
    ${functions.join('\n    ')})`;
}
