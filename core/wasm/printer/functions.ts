/** Function definitions: selects the bodies that fit into the budget, and prints them. */
import type { DecodeError } from '../module.ts';
import { declarations, printBody, sizeOfBody } from './body.ts';
import { displayComment } from './fields.ts';
import { addLine, addLines, createLines, isFull, type Lines } from './lines.ts';
import { hex } from './numbers.ts';
import type { PrintOptions } from './options.ts';
import { localIds, type ModuleScope } from './scope.ts';
import { isInline, typeListText, typeUseText } from './types.ts';

const FIELD_LEVEL = 1;

/**
 * Number of bodies that may fail to fit before the rest of the budget is left unused: each attempt costs printing up
 * to that rest.
 */
const MAX_MISFITS = 32;

/** A body of at most this part of the budget (bytes to characters) counts as small. */
const SMALL_SHARE = 4096;

/** Limit for a body that a user opens, in characters; engines refuse functions of half as many bytes. */
const MAX_OPENED = 1 << 24;

/** In modules with at most this many functions, elided ones also have comments with their readable names. */
const FEW_FUNCTIONS = 2000;

/** The lines of a body or the error if it cannot be decoded, by function. Functions without an entry are elided. */
type Bodies = Map<number, Lines | DecodeError>;

function isDefined(scope: ModuleScope, func: number): boolean {
  const { imported, bodyEnd } = scope.module.functions;
  return bodyEnd[func - imported] > 0;
}

/** Prints one body if it fits into `limit` characters; returns the characters used, or -1. */
function tryBody(scope: ModuleScope, func: number, limit: number, bodies: Bodies): number {
  const lines = createLines();
  const result = printBody(scope, func, lines, limit);
  if (result === false) return -1;
  bodies.set(func, result === true ? lines : result);
  return result === true ? lines.size : 0;
}

/**
 * Functions in the order in which they may use the budget: preferred ones first, and small ones first within both
 * groups, so that a few giants do not use it up.
 */
function* candidates(scope: ModuleScope, options: PrintOptions): Generator<number> {
  const { imported, typeIndex, bodyStart, bodyEnd } = scope.module.functions;
  const small = Math.max(options.bodyBudget / SMALL_SHARE, 64);
  const isSmall = (func: number): boolean => bodyEnd[func - imported] - bodyStart[func - imported] <= small;
  for (const func of options.prefer) if (isSmall(func)) yield func;
  yield* options.prefer;
  for (let func = imported; func < typeIndex.length; func++) if (isSmall(func)) yield func;
  for (let func = imported; func < typeIndex.length; func++) yield func;
}

function selectBodies(scope: ModuleScope, options: PrintOptions): Bodies {
  const bodies: Bodies = new Map();
  for (const func of options.expand) {
    if (isDefined(scope, func)) tryBody(scope, func, MAX_OPENED, bodies);
  }
  const { imported, bodyStart, bodyEnd } = scope.module.functions;
  let left = options.bodyBudget;
  let misfits = 0;
  for (const func of candidates(scope, options)) {
    if (left <= 0 || misfits >= MAX_MISFITS) break;
    if (!isDefined(scope, func) || bodies.has(func)) continue;
    // Text is longer than code: a body with more bytes than characters left cannot fit.
    if (bodyEnd[func - imported] - bodyStart[func - imported] > left) continue;
    const used = tryBody(scope, func, left, bodies);
    if (used < 0) misfits++;
    else left -= used;
  }
  return bodies;
}

/** `(func $f (;3;) (type $t) (param $p i32) (result i32)` without the closing parenthesis. */
function headerText(scope: ModuleScope, func: number): string {
  const { module, ids } = scope;
  const typeIndex = module.functions.typeIndex[func];
  const head = `(func ${ids.define('func', func)}`;
  const locals = localIds(scope, func);
  const composite = module.types[typeIndex]?.composite;
  if (composite?.kind !== 'func' || locals.size === 0 || !isInline(composite))
    return head + typeUseText(module.types, typeIndex, ids);
  const params = declarations('param', composite.params, 0, locals, scope);
  const results = typeListText('result', composite.results, ids);
  return `${head} (type ${ids.use('type', typeIndex)})${params === '' ? '' : ` ${params}`}${results}`;
}

/** The comment in place of a body that is not printed, and whether it could be printed. */
function placeholder(
  scope: ModuleScope,
  func: number,
  failure: DecodeError | undefined,
): [text: string, elided: boolean] {
  if (!isDefined(scope, func)) return ['no body', false];
  const count = failure ?? sizeOfBody(scope, func);
  if (typeof count === 'number') return [`${count} instructions`, true];
  return [`cannot be decoded: ${count.message} at ${hex(count.offset)}`, false];
}

/** Prints all function definitions; returns the indices of the elided ones, ascending. */
export function printFunctions(scope: ModuleScope, options: PrintOptions, lines: Lines): number[] {
  const { module } = scope;
  const { imported, typeIndex, entry } = module.functions;
  const bodies = selectBodies(scope, options);
  const elided: number[] = [];
  const fewFunctions = entry.length <= FEW_FUNCTIONS;
  for (let func = imported; func < typeIndex.length; func++) {
    if (isFull(lines)) break;
    const header = headerText(scope, func);
    const body = bodies.get(func);
    const printed = body !== undefined && 'texts' in body;
    // Readable names of tens of thousands of elided functions would be most of the text.
    const comment = printed || fewFunctions ? displayComment(module.names.functions.get(func), options) : '';
    if (printed) {
      addLine(lines, FIELD_LEVEL, header + comment, entry[func - imported]);
      addLines(lines, body);
      continue;
    }
    const [text, canOpen] = placeholder(scope, func, body);
    if (canOpen) elided.push(func);
    addLine(lines, FIELD_LEVEL, `${header} (;${text};))${comment}`, entry[func - imported]);
  }
  return elided;
}
