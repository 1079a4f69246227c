/**
 * The body of a function: from tokens to instructions in the order of the binary. Flat and folded instructions may be
 * mixed, as the format allows; anything else is reported and skipped, and reading continues in the same function.
 *
 * Source: https://webassembly.github.io/spec/core/text/instructions.html, and for `try` the legacy exception handling
 * proposal.
 */
import { t } from '../text/l10n.ts';
import { Op } from '../wasm/ops.ts';
import { addInstruction } from './instructionList.ts';
import { createLevels, Level, type Levels, pushLevel } from './levels.ts';
import { TokenKind } from './model.ts';
import { opWithOperands, skipOperands } from './operands.ts';
import { addError, beginsNext, endBefore, errorAt, errorAtForm, type Reader, tokenText } from './reader.ts';
import { isMnemonic, Keyword } from './words.ts';

/** One set of arrays for all functions: bodies are read one after the other. */
const levels: Levels = createLevels();

/**
 * Reads the body from `from`, the first token after the header, of the function that opens at `open`. Returns the
 * token after the function's closing parenthesis, or, if that is missing, the token where the next field begins.
 */
export function readBody(r: Reader, from: number, open: number): number {
  levels.depth = 0;
  let token = from;
  while (token < r.count) {
    switch (r.kind[token]) {
      case TokenKind.Word:
        token = readFlat(r, token);
        break;
      case TokenKind.Open:
        if (beginsNext(r, token, open, 0)) return endUnclosed(r, token, open);
        token = readOpen(r, token);
        break;
      case TokenKind.Close:
        if (levels.depth === 0) {
          closeWith(r, Op.end, token);
          return token + 1;
        }
        popLevel(r, token);
        token++;
        break;
      default:
        errorAt(r, token, t('unexpected {0}', quoted(r, token)));
        token = skipStray(r, token + 1);
    }
  }
  return endUnclosed(r, token, open);
}

/** A token for a message, cut to length: it may be a megabyte long. */
function quoted(r: Reader, token: number): string {
  const text = tokenText(r, token);
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

/** Reports consecutive tokens that belong to no instruction as one error. */
function skipStray(r: Reader, from: number): number {
  let token = from;
  while (token < r.count && r.kind[token] >= TokenKind.Number) token++;
  return token;
}

function readFlat(r: Reader, token: number): number {
  const op = opAt(r, token);
  const after = skipOperands(r, token + 1, op);
  emit(r, opWithOperands(r, op, token + 1, after), token, after, r.start[token], r.end[after - 1]);
  return after;
}

/** Opcode of the mnemonic at `token`; reports an unknown one and returns -1. */
function opAt(r: Reader, token: number): number {
  const word = r.word[token];
  if (isMnemonic(word)) return word;
  errorAt(r, token, t('unknown instruction {0}', quoted(r, token)));
  return -1;
}

/** Adds an instruction with mnemonic `token` that owns the tokens before `after`. */
function emit(r: Reader, op: number, token: number, after: number, start: number, end: number): number {
  const index = addInstruction(r.list, op, r.start[token], r.end[token], start, end);
  const { ownerOfToken } = r.list;
  for (let at = token; at < after; at++) ownerOfToken[at] = index;
  return index;
}

/** Adds an instruction that is written only as a closing parenthesis. */
function closeWith(r: Reader, op: number, close: number): void {
  if (close < r.count && r.kind[close] === TokenKind.Close) {
    emit(r, op, close, close + 1, r.start[close], r.end[close]);
    return;
  }
  const at = endBefore(r, close);
  addInstruction(r.list, op, at, at, at, at);
}

function readOpen(r: Reader, open: number): number {
  const head = open + 1;
  const kind = head < r.count ? r.kind[head] : -1;
  if (kind === TokenKind.Close) {
    addError(r, r.start[open], r.end[head], t('an instruction is missing between these parentheses'));
    return head + 1;
  }
  if (kind !== TokenKind.Word) {
    if (kind >= 0) errorAt(r, open, t('an instruction should follow this parenthesis'));
    pushLevel(levels, Level.Junk, open, -1);
    return head;
  }
  const word = r.word[head];
  const around = levels.depth > 0 ? levels.kind[levels.depth - 1] : -1;
  if (around === Level.IfCondition && (word === Keyword.then || word === Op.else)) emitIf(r);
  if (around === Level.IfCondition || around === Level.If) {
    if (word === Keyword.then) return openArm(r, open);
    if (word === Op.else) return openArmInstruction(r, open, word);
  } else if (around === Level.Try) {
    if (word === Keyword.do) return openArm(r, open);
    if (word === Op.catch || word === Op.catch_all) return openArmInstruction(r, open, word);
    if (word === Op.delegate) levels.kind[levels.depth - 1] = Level.Delegated;
  }
  if (!isMnemonic(word) && word >= 0) {
    errorAtForm(r, open, t('unexpected {0}', JSON.stringify(`(${tokenText(r, head)}`)));
    pushLevel(levels, Level.Junk, open, -1);
    return skipJunk(r, head + 1);
  }
  return openFolded(r, open, opAt(r, head));
}

/** Skips words, names and numbers at the start of a form that could not be read: reporting them would not help. */
function skipJunk(r: Reader, from: number): number {
  let token = from;
  while (token < r.count && r.kind[token] >= TokenKind.Word && !isMnemonic(r.word[token])) token++;
  return token;
}

function openFolded(r: Reader, open: number, op: number): number {
  const after = skipOperands(r, open + 2, op);
  switch (op) {
    case Op.block:
    case Op.loop:
    case Op.try_table:
    case Op.try: {
      const index = emit(r, op, open + 1, after, r.start[open], r.end[after - 1]);
      r.list.ownerOfToken[open] = index;
      pushLevel(levels, op === Op.try ? Level.Try : Level.Block, open, index);
      break;
    }
    case Op.if:
      pushLevel(levels, Level.IfCondition, open, -1, op, after);
      break;
    default:
      pushLevel(levels, Level.Plain, open, -1, opWithOperands(r, op, open + 2, after), after);
  }
  return after;
}

/** `(then` and `(do`: their parentheses belong to the instruction around them. */
function openArm(r: Reader, open: number): number {
  const owner = levels.instruction[levels.depth - 1];
  r.list.ownerOfToken.fill(owner, open, open + 2);
  pushLevel(levels, Level.Arm, open, owner);
  return open + 2;
}

function openArmInstruction(r: Reader, open: number, op: number): number {
  const after = skipOperands(r, open + 2, op);
  const index = emit(r, op, open + 1, after, r.start[open], r.end[after - 1]);
  r.list.ownerOfToken[open] = index;
  pushLevel(levels, Level.ArmInstruction, open, index);
  return after;
}

/** Adds the `if` of the innermost level, after its condition. */
function emitIf(r: Reader): void {
  const top = levels.depth - 1;
  const open = levels.open[top];
  const after = levels.operandsEnd[top];
  const index = emit(r, Op.if, open + 1, after, r.start[open], r.end[after - 1]);
  r.list.ownerOfToken[open] = index;
  levels.instruction[top] = index;
  levels.kind[top] = Level.If;
}

/** Closes the innermost form with the parenthesis `close`, or before that token if the parenthesis is missing. */
function popLevel(r: Reader, close: number): void {
  const top = levels.depth - 1;
  const open = levels.open[top];
  const written = close < r.count && r.kind[close] === TokenKind.Close;
  const end = written ? r.end[close] : endBefore(r, close);
  if (levels.kind[top] === Level.IfCondition) {
    errorAtForm(r, open, t('this if has no (then ...)'));
    emitIf(r);
  }
  let owner = levels.instruction[top];
  switch (levels.kind[top]) {
    case Level.Plain:
      owner = emit(r, levels.op[top], open + 1, levels.operandsEnd[top], r.start[open], end);
      r.list.ownerOfToken[open] = owner;
      break;
    case Level.Block:
    case Level.If:
    case Level.Try:
      r.list.end[owner] = end;
      closeWith(r, Op.end, close);
      owner = -1;
      break;
    case Level.Delegated:
    case Level.ArmInstruction:
      r.list.end[owner] = end;
      break;
    default:
  }
  if (written && owner >= 0) r.list.ownerOfToken[close] = owner;
  levels.depth--;
}

/** Ends the body at `token` without its parenthesis, and everything that is open in it. */
function endUnclosed(r: Reader, token: number, open: number): number {
  errorAtForm(r, open, t('this function is never closed'));
  while (levels.depth > 0) popLevel(r, token);
  closeWith(r, Op.end, token);
  return token;
}
