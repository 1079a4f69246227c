/** Constant expressions: of globals, tables, segment offsets and element items. */
import { Cursor, DecodeFailure } from '../cursor.ts';
import { nextInstruction } from '../immediates.ts';
import { MNEMONIC } from '../instructions.ts';
import type { ConstExpr } from '../module.ts';
import { Op } from '../ops.ts';
import { hex } from './numbers.ts';
import { operandText } from './operands.ts';
import { constScope, type ModuleScope } from './scope.ts';

interface Expression {
  text: string;
  /** Number of instructions, plus one if there is a comment. */
  parts: number;
}

function read(expr: ConstExpr, scope: ModuleScope, limit: number): Expression {
  const c = new Cursor(scope.module.bytes, expr.start, expr.end);
  const body = constScope(scope);
  const texts: string[] = [];
  let size = 0;
  try {
    while (!c.atEnd()) {
      const instruction = nextInstruction(c);
      if (instruction.id === Op.end) break;
      const text = MNEMONIC[instruction.id] + operandText(instruction, body);
      size += text.length + 1;
      if (size > limit) {
        texts.push(`(;${expr.end - instruction.start} bytes more;)`);
        break;
      }
      texts.push(text);
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    texts.push(`(;${error.message} at ${hex(error.offset)};)`);
  }
  return { text: texts.join(' '), parts: texts.length };
}

/** The bare instructions, as in globals and tables; elided after `limit` characters. */
export function initText(expr: ConstExpr, scope: ModuleScope, limit: number): string {
  return read(expr, scope, limit).text;
}

/** `(i32.const 0)` for a single instruction, else `(keyword ...)` around all. */
export function foldedText(keyword: string, expr: ConstExpr, scope: ModuleScope, limit: number): string {
  const { text, parts } = read(expr, scope, limit);
  return parts === 1 && !text.startsWith('(;') ? `(${text})` : `(${keyword}${parts === 0 ? '' : ` ${text}`})`;
}
