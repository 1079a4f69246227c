/** Function bodies: locals, then one flat instruction per line, indented by block. */
import { message } from '../../text/l10n.ts';
import { Cursor, DecodeFailure } from '../cursor.ts';
import { nextInstruction } from '../immediates.ts';
import { MNEMONIC } from '../instructions.ts';
import type { DecodeError } from '../module.ts';
import { Op } from '../ops.ts';
import { readValType } from '../sections/valueTypes.ts';
import type { ValType } from '../types.ts';
import { countInstructions } from './count.ts';
import { addLine, type Lines } from './lines.ts';
import { operandText } from './operands.ts';
import { type BodyScope, bodyScope, labelId, labelNames, localIds, type ModuleScope } from './scope.ts';
import { valTypeText } from './types.ts';

/** Limit of every engine; bounds the text of a hostile count. */
const MAX_LOCALS = 50_000;

/** Level of a function's first instruction: inside the module, inside the function. */
const BODY_LEVEL = 2;

/**
 * Reads the locals vector at the cursor, flattened.
 * @throws DecodeFailure if it is malformed or declares too many locals.
 */
function readLocals(c: Cursor): ValType[] {
  const locals: ValType[] = [];
  for (let groups = c.count(message('groups of locals'), 2); groups > 0; groups--) {
    const offset = c.pos;
    const count = c.u32();
    if (locals.length + count > MAX_LOCALS) c.fail(`more than ${MAX_LOCALS} locals`, offset);
    const type = readValType(c);
    for (let i = 0; i < count; i++) locals.push(type);
  }
  return locals;
}

/** `(param $p i32) (param i32 i64)`: named ones separately, runs of unnamed ones together. */
export function declarations(
  keyword: string,
  types: readonly ValType[],
  first: number,
  locals: ReadonlyMap<number, string>,
  scope: ModuleScope,
): string {
  const parts: string[] = [];
  let run: string[] = [];
  const flush = (): void => {
    if (run.length > 0) parts.push(`(${keyword} ${run.join(' ')})`);
    run = [];
  };
  types.forEach((type, i) => {
    const id = locals.get(first + i);
    const text = valTypeText(type, scope.ids);
    if (id === undefined) run.push(text);
    else {
      flush();
      parts.push(`(${keyword} ${id} ${text})`);
    }
  });
  flush();
  return parts.join(' ');
}

/**
 * Text of an instruction that opens a block: with the name of its label, if any, and the nesting level that branches
 * refer to.
 */
function openBlock(text: string, mnemonic: string, name: string | undefined, scope: BodyScope): string {
  scope.labels.push(name);
  return name === undefined
    ? `${text} ;; label = @${scope.labels.length}`
    : text.replace(mnemonic, () => `${mnemonic} ${name}`);
}

function printInstructions(
  c: Cursor,
  scope: BodyScope,
  names: ReadonlyMap<number, string>,
  lines: Lines,
  limit: number,
): boolean {
  let opened = 0;
  for (;;) {
    if (lines.size > limit) return false;
    const instruction = nextInstruction(c);
    const { id, start } = instruction;
    const mnemonic = MNEMONIC[id] as string;
    const depth = scope.labels.length;
    switch (id) {
      case Op.block:
      case Op.loop:
      case Op.if:
      case Op.try:
      case Op.try_table: {
        // Operands first: the label of a try_table is not in scope in its clauses.
        const text = mnemonic + operandText(instruction, scope);
        addLine(lines, BODY_LEVEL + depth, openBlock(text, mnemonic, labelId(names.get(opened++)), scope), start);
        break;
      }
      case Op.else:
      case Op.catch:
      case Op.catch_all:
        if (depth === 0) c.fail(`${mnemonic} outside a block`, start);
        addLine(lines, BODY_LEVEL + depth - 1, mnemonic + operandText(instruction, scope), start);
        break;
      case Op.delegate:
        if (depth === 0) c.fail('delegate outside a block', start);
        scope.labels.pop();
        addLine(lines, BODY_LEVEL + depth - 1, mnemonic + operandText(instruction, scope), start);
        break;
      case Op.end:
        if (depth === 0) {
          if (!c.atEnd()) c.fail(`${c.end - c.pos} bytes after the end of the body`);
          addLine(lines, BODY_LEVEL - 1, ')', start);
          return true;
        }
        scope.labels.pop();
        addLine(lines, BODY_LEVEL + depth - 1, 'end', start);
        break;
      default:
        addLine(lines, BODY_LEVEL + depth, mnemonic + operandText(instruction, scope), start);
    }
  }
}

/**
 * Prints the body of `func` after its header line, including the closing parenthesis. Returns true on success, false
 * if it is longer than `limit` characters, or an error if it cannot be decoded; in the last two cases `lines` holds a
 * partial body to be discarded.
 */
export function printBody(scope: ModuleScope, func: number, lines: Lines, limit: number): boolean | DecodeError {
  const { module } = scope;
  const { imported, bodyStart, bodyEnd, typeIndex } = module.functions;
  const position = func - imported;
  const c = new Cursor(module.bytes, bodyStart[position], bodyEnd[position]);
  try {
    const types = readLocals(c);
    const locals = localIds(scope, func);
    const composite = module.types[typeIndex[func]]?.composite;
    const params = composite?.kind === 'func' ? composite.params.length : 0;
    for (const index of [...locals.keys()]) if (index >= params + types.length) locals.delete(index);
    if (types.length > 0)
      addLine(lines, BODY_LEVEL, declarations('local', types, params, locals, scope), bodyStart[position]);
    return printInstructions(c, bodyScope(scope, locals), labelNames(scope, func), lines, limit);
  } catch (error) {
    if (error instanceof DecodeFailure) return { offset: error.offset, message: error.message };
    throw error;
  }
}

/** Number of instructions of a body without its last `end`, or the error if it cannot be decoded. */
export function sizeOfBody(scope: ModuleScope, func: number): number | DecodeError {
  const { bytes } = scope.module;
  const { imported, bodyStart, bodyEnd } = scope.module.functions;
  const end = bodyEnd[func - imported];
  const c = new Cursor(bytes, bodyStart[func - imported], end);
  try {
    for (let groups = c.count(message('groups of locals'), 2); groups > 0; groups--) {
      c.u32();
      readValType(c);
    }
  } catch (error) {
    if (error instanceof DecodeFailure) return { offset: error.offset, message: error.message };
    throw error;
  }
  const count = countInstructions(bytes, c.pos, end);
  if (count > 0) return count - 1;
  return count === 0
    ? { offset: end, message: 'no instructions' }
    : { offset: -1 - count, message: 'unknown or incomplete instruction' };
}
