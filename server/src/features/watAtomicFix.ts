/**
 * Quick fix that turns a plain read-modify-write of shared memory into one atomic instruction:
 *
 *     (i32.store offset=4 A (i32.add (i32.load offset=4 A) X))  ->  (drop (i32.atomic.rmw.add offset=4 A X))
 *
 * in folded and in flat form. Offered where the two do the same but for being atomic: both accesses have
 * the same memory, offset and natural alignment, `A` is the same constant or variable, and `X`
 * changes nothing and reads no memory that could have changed in between.
 */

import { t } from '../../../core/text/l10n.ts';
import { functionAt, lastAtMost } from '../../../core/text/moduleItems.ts';
import { listOf } from '../../../core/text/phrases.ts';
import { functionName } from '../../../core/wasm/displayNames.ts';
import { type Instruction, readInstruction } from '../../../core/wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC, POPS, PUSHES } from '../../../core/wasm/instructions.ts';
import { markEnd } from '../../../core/wat/tokenAt.ts';
import type { Replacement, SourceDocument } from './watEdits.ts';

/** The edits of one quick fix, and its title in the menu. */
export interface AtomicFix {
  title: string;
  replacements: Replacement[];
}

/** Instructions looked at on either side of the place. */
const REACH = 40;
/** Nesting of an operand that anybody would still call a read-modify-write. */
const MAX_DEPTH = 40;

/** The fix of the read-modify-write that the instruction at byte `offset` is part of. */
export function atomicFix(doc: SourceDocument, offset: number): AtomicFix | undefined {
  const func = functionAt(doc.module, offset);
  const body = func === undefined ? undefined : bodyOf(doc, func);
  if (body === undefined) return undefined;
  const at = lastAtMost(body.length, (i) => body[i].start, offset);
  for (let i = Math.max(0, at); i < body.length && i <= at + REACH; i++) {
    const found = readModifyWrite(doc, body, i);
    if (found && found.first <= at && at <= found.store) return edits(doc, body, found);
  }
  return undefined;
}

/** An instruction of the binary and its entry among the reader's. */
interface Placed extends Instruction {
  entry: number;
}

/** The body as the text has it; undefined where text and binary do not agree. */
function bodyOf({ map, module, source }: SourceDocument, func: number): Placed[] | undefined {
  const text = source.wat.modules[source.index]?.funcs[func];
  if (text === undefined || text.broken) return undefined;
  const { start, end } = lines(map, module, func);
  const body: Placed[] = [];
  for (const place of map.instructionsIn(start, end)) {
    if (place.func !== func) continue;
    const instruction = readInstruction(module.bytes, place.offset, module.bytes.length);
    if (!('id' in instruction)) return undefined;
    body.push({ ...instruction, entry: text.first + body.length });
  }
  return body.length === text.length ? body : undefined;
}

/** First and last line of a function. */
function lines(map: SourceDocument['map'], { functions }: SourceDocument['module'], func: number) {
  const d = func - functions.imported;
  return {
    start: map.rangeOf(functions.entry[d])?.start.line ?? 0,
    end: map.rangeOf(functions.bodyEnd[d] - 1)?.end.line ?? -1,
  };
}

/** Positions in the body: `first` to `store` is the whole. */
interface Pattern {
  first: number;
  load: number;
  /** `[from, to]` of the other operand. */
  operand: [number, number];
  op: number;
  store: number;
  atomic: string;
}

const OPERATION = /^(i32|i64)\.(add|sub|and|or|xor)$/;

function readModifyWrite({ module }: SourceDocument, body: readonly Placed[], store: number): Pattern | undefined {
  const type = /^(i32|i64)\.store$/.exec(MNEMONIC[body[store].id] ?? '')?.[1];
  if (type === undefined || store < 4) return undefined;
  const op = store - 1;
  const [, of, name] = OPERATION.exec(MNEMONIC[body[op].id] ?? '') ?? [];
  const right = operandStart(body, op - 1);
  const left = right === undefined ? undefined : operandStart(body, right - 1);
  const address = left === undefined ? undefined : operandStart(body, left - 1);
  if (of !== type || right === undefined || left === undefined || address !== left - 1) return undefined;
  const isLoad = (from: number, to: number): boolean =>
    to === from + 1 &&
    MNEMONIC[body[to].id] === `${type}.load` &&
    sameInstruction(module.bytes, body[from], body[address]);
  const memarg = body[store].values;
  const common = { first: address, op, store, atomic: `${type}.atomic.rmw.${name}` };
  let pattern: Pattern | undefined;
  if (isLoad(left, right - 1)) pattern = { ...common, load: right - 1, operand: [right, op - 1] };
  // `a - b` is another thing than `b - a`.
  else if (name !== 'sub' && isLoad(right, op - 1)) pattern = { ...common, load: op - 1, operand: [left, right - 1] };
  if (pattern === undefined) return undefined;
  const load = body[pattern.load];
  const sameMemarg = load.wide === body[store].wide && load.values.every((value, i) => value === memarg[i]);
  const natural = memarg[0] === (type === 'i32' ? 2 : 3);
  if (!sameMemarg || !natural || module.memories[memarg[1]]?.limits.shared !== true) return undefined;
  if (!isSimpleAddress(body[address], load.wide, type === 'i32' ? 4n : 8n)) return undefined;
  const [from, to] = pattern.operand;
  for (let i = from; i <= to; i++) if (!isHarmless(body[i])) return undefined;
  return pattern;
}

/** First instruction of the expression whose last one is at `last`; undefined for what is no plain expression. */
function operandStart(body: readonly Placed[], last: number, depth = 0): number | undefined {
  if (last < 0 || depth > MAX_DEPTH || PUSHES[body[last].id] !== 1 || POPS[body[last].id] < 0) return undefined;
  let start = last;
  for (let pops = POPS[body[last].id]; pops > 0; pops--) {
    const before = operandStart(body, start - 1, depth + 1);
    if (before === undefined) return undefined;
    start = before;
  }
  return start;
}

function sameInstruction(bytes: Uint8Array, a: Instruction, b: Instruction): boolean {
  if (a.end - a.start !== b.end - b.start) return false;
  for (let i = 0; i < a.end - a.start; i++) if (bytes[a.start + i] !== bytes[b.start + i]) return false;
  return true;
}

/** A constant that is aligned, as an atomic access demands, or a variable. */
function isSimpleAddress(address: Instruction, offset: bigint, width: bigint): boolean {
  const name = MNEMONIC[address.id];
  if (name === 'local.get' || name === 'global.get') return true;
  if (name === 'i32.const') return (BigInt(address.values[0] >>> 0) + offset) % width === 0n;
  return name === 'i64.const' && (address.wide + offset) % width === 0n;
}

/** Neither changes anything nor sees what others change; a variable that only this call has is no access. */
function isHarmless({ id }: Instruction): boolean {
  if (POPS[id] < 0 || PUSHES[id] !== 1) return false;
  if (ACCESS[id] === Access.GlobalGet) return true;
  return ACCESS[id] === Access.None && !/^(local\.tee|block|loop|if|try)/.test(MNEMONIC[id] ?? '');
}

/** Plain accesses of the same memory and address in the function that the fix leaves as they are. */
function plainLeft({ module }: SourceDocument, body: readonly Placed[], { first, store }: Pattern): number {
  const [, memory] = body[store].values;
  return body.filter(({ id, values, wide }, i) => {
    if ((i >= first && i <= store) || !/^[if]\d\d\.(load|store)/.test(MNEMONIC[id] ?? '')) return false;
    const isStore = POPS[id] === 2;
    const address = isStore ? operandStart(body, i - 1) : i;
    if (address === undefined || address < 1 || values[1] !== memory || wide !== body[store].wide) return false;
    return sameInstruction(module.bytes, body[address - 1], body[first]);
  }).length;
}

/** Functions that a title names. */
const MAX_NAMED = 2;

/**
 * What other functions leave as it is, for the title: those that access the constant address plainly, by name; for an
 * address that is computed, whether any plain access of the memory exists that may be one of it. Empty if nothing is left.
 */
function leftElsewhere(
  { module, analysis }: SourceDocument,
  func: number,
  [first, load]: [Instruction, Instruction],
): string {
  const { facts, effects } = analysis;
  const constant = MNEMONIC[first.id] === 'i32.const' ? BigInt(first.values[0] >>> 0) : first.wide;
  const isConstant = /^i(32|64)\.const$/.test(MNEMONIC[first.id] ?? '');
  const start = Number(constant + load.wide);
  const width = MNEMONIC[load.id] === 'i64.load' ? 8 : 4;
  const surely: number[] = [];
  let perhaps = false;
  for (let other = module.functions.imported; other < module.functions.typeIndex.length; other++) {
    if (other === func) continue;
    for (let row = facts.start[other]; row < facts.start[other + 1]; row++) {
      const { cell, access } = effects[facts.effect[row]];
      const { address } = cell;
      if (cell.kind !== 'memory' || (access !== 'read' && access !== 'write') || address?.base === 'stack') continue;
      if (cell.index !== undefined && cell.index !== load.values[1]) continue;
      const fixed = isConstant && address?.base === 'static' && address.global === undefined;
      if (!fixed) perhaps = true;
      else if (address.start < start + width && start < address.end && !surely.includes(other)) surely.push(other);
    }
  }
  if (surely.length > 0) {
    const names = listOf(
      surely.slice(0, MAX_NAMED).map((one) => functionName(module, one)),
      MAX_NAMED,
      'and',
      surely.length,
    );
    return t('plain accesses in {0} left', names);
  }
  return perhaps ? t('plain accesses in other functions may be left') : '';
}

function edits(doc: SourceDocument, body: readonly Placed[], found: Pattern): AtomicFix | undefined {
  const { wat } = doc.source;
  const { text, instructions } = wat;
  const span = (i: number) => ({ start: instructions.start[body[i].entry], end: instructions.end[body[i].entry] });
  const isFolded = (i: number): boolean => text[span(i).start] === '(';
  const store = span(found.store);
  const op = span(found.op);
  const entry = body[found.store].entry;
  const memarg = text.slice(instructions.nameEnd[entry], markEnd(wat, entry));
  const left = plainLeft(doc, body, found);
  const here =
    left === 0
      ? ''
      : left === 1
        ? t('another plain access of this address left')
        : t('{0} other plain accesses of this address left', left);
  const func = functionAt(doc.module, body[found.store].start) ?? -1;
  const elsewhere = leftElsewhere(doc, func, [body[found.first], body[found.load]]);
  const missing = [here, elsewhere].filter((text) => text !== '').join(t(', '));
  const title =
    missing === '' ? t('Make it atomic: {0}', found.atomic) : t('Make it atomic: {0} ({1})', found.atomic, missing);
  const [from, to] = found.operand;
  const operand = { start: Math.min(span(from).start, span(to).start), end: span(to).end };
  if (isFolded(found.op)) {
    // Everything below a folded instruction is folded, too.
    const kept: Replacement = { ...op, text: text.slice(operand.start, operand.end) };
    const whole = isFolded(found.store);
    if (whole && span(found.first).start < store.start) return undefined;
    const access: Replacement[] = whole
      ? [
          { start: instructions.nameStart[entry], end: instructions.nameEnd[entry], text: `drop (${found.atomic}` },
          { start: store.end, end: store.end, text: ')' },
        ]
      : [{ ...store, text: `${found.atomic}${memarg} drop` }];
    return { title, replacements: [kept, ...access] };
  }
  if (isFolded(found.store)) return undefined;
  // Flat: the second address and the load go, the operation and the store become the atomic and `drop`.
  const load = span(found.load);
  const address = span(found.load - 1);
  const start = Math.min(address.start, load.start);
  return {
    title,
    replacements: [
      { start, end: nextStart(text, load.end), text: '' },
      { ...op, text: `${found.atomic}${memarg}` },
      { ...store, text: 'drop' },
    ],
  };
}

/** White space behind what goes goes with it; a comment stays. */
function nextStart(text: string, end: number): number {
  let at = end;
  while (at < text.length && /\s/.test(text[at])) at++;
  return at;
}
