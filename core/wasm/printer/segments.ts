/** Element and data segments; contents beyond the budget become a comment. */
import type { DataSegment, ElementSegment } from '../module.ts';
import { FUNCREF } from '../types.ts';
import { foldedText } from './expressions.ts';
import { addLine, isFull, type Lines } from './lines.ts';
import { DATA_BUDGET, type PrintOptions } from './options.ts';
import type { ModuleScope } from './scope.ts';
import { quoteBytes } from './text.ts';
import { valTypeText } from './types.ts';

const FIELD_LEVEL = 1;

/** Longer contents are split into separate lines of about this length, in characters. */
const LINE_LENGTH = 100;

/** Bytes of a data segment on one line. A line is the unit at which accesses are shown. */
const BYTES_PER_LINE = 64;

/** All segments together may have this many times the `dataBudget` of one. */
const FULL_SEGMENTS = 32;

/** Most data segments that are shown; some linkers make one for every run of non-zero bytes. */
const LISTED_SEGMENTS = 1000;

interface Item {
  text: string;
  offset: number;
}

const sizeOf = (items: readonly Item[]): number => items.reduce((sum, { text }) => sum + text.length + 1, 0);

/** The field on one line if it is short, else its items packed into lines below it. */
function printField(head: string, items: readonly Item[], offset: number, lines: Lines): void {
  if (head.length + sizeOf(items) <= LINE_LENGTH) {
    addLine(lines, FIELD_LEVEL, `${[head, ...items.map(({ text }) => text)].join(' ')})`, offset);
    return;
  }
  addLine(lines, FIELD_LEVEL, head, offset);
  let line = '';
  let lineOffset = 0;
  for (const item of items) {
    if (line !== '' && line.length + item.text.length > LINE_LENGTH) {
      addLine(lines, FIELD_LEVEL + 1, line, lineOffset);
      line = '';
    }
    if (line === '') lineOffset = item.offset;
    line += line === '' ? item.text : ` ${item.text}`;
  }
  addLine(lines, FIELD_LEVEL + 1, line, lineOffset);
  addLine(lines, FIELD_LEVEL, ')', offset);
}

/** `func` or the reference type. Forms 0 and 4 do not encode a type, and lists of functions are always `func`. */
function elementHead(segment: ElementSegment, index: number, scope: ModuleScope, limit: number): string {
  const parts = ['(elem', scope.ids.define('elem', index)];
  if (segment.mode === 'declarative') parts.push('declare');
  if (segment.offsetExpr !== undefined) {
    // Bit 1 of the flags of an active segment: the table is explicit, even if it is table 0.
    if (segment.flags & 2) parts.push(`(table ${scope.ids.use('table', segment.table)})`);
    parts.push(foldedText('offset', segment.offsetExpr, scope, limit));
  }
  const listsFunctions = segment.functions !== undefined;
  parts.push(listsFunctions ? 'func' : valTypeText(segment.flags === 4 ? FUNCREF : segment.type, scope.ids));
  return parts.join(' ');
}

function elementItems(segment: ElementSegment, scope: ModuleScope, limit: number): Item[] {
  const { functions, exprs, offset } = segment;
  const count = functions?.length ?? exprs?.length ?? 0;
  const items: Item[] = [];
  let size = 0;
  for (let i = 0; i < count; i++) {
    const text =
      functions !== undefined ? scope.ids.use('func', functions[i]) : foldedText('item', exprs![i], scope, limit);
    size += text.length + 1;
    if (size > limit) {
      items.push({ text: `(;${count - i} more;)`, offset });
      break;
    }
    items.push({ text, offset: exprs?.[i].start ?? offset });
  }
  return items;
}

/** Prints the element segments. */
export function printElements(scope: ModuleScope, options: PrintOptions, lines: Lines): void {
  const limit = options.dataBudget ?? DATA_BUDGET;
  let left = limit * FULL_SEGMENTS;
  scope.module.elements.forEach((segment, index) => {
    if (isFull(lines)) return;
    const items = elementItems(segment, scope, Math.min(limit, left));
    left = Math.max(left - sizeOf(items), 0);
    printField(elementHead(segment, index, scope, limit), items, segment.offset, lines);
  });
}

function dataHead(segment: DataSegment, index: number, scope: ModuleScope, limit: number): string {
  const parts = ['(data', scope.ids.define('data', index)];
  if (segment.offsetExpr !== undefined) {
    if (segment.memory !== 0) parts.push(`(memory ${scope.ids.use('memory', segment.memory)})`);
    parts.push(foldedText('offset', segment.offsetExpr, scope, limit));
  }
  return parts.join(' ');
}

function dataItems(segment: DataSegment, scope: ModuleScope, limit: number): Item[] {
  const { bytes } = scope.module;
  const items: Item[] = [];
  let size = 0;
  for (let at = segment.start; at < segment.end; at += BYTES_PER_LINE) {
    if (size >= limit) {
      items.push({ text: `(;${segment.end - at} bytes${at > segment.start ? ' more' : ''};)`, offset: at });
      break;
    }
    const text = quoteBytes(bytes, at, Math.min(at + BYTES_PER_LINE, segment.end));
    items.push({ text, offset: at });
    size += text.length;
  }
  return items;
}

/** Prints the data segments. */
export function printData(scope: ModuleScope, options: PrintOptions, lines: Lines): void {
  const limit = options.dataBudget ?? DATA_BUDGET;
  let left = limit * FULL_SEGMENTS;
  const { data, names } = scope.module;
  // References by name need every definition; nothing else needs more than a sample.
  const listed = names.data.size > 0 ? data.length : Math.min(data.length, LISTED_SEGMENTS);
  data.slice(0, listed).forEach((segment, index) => {
    if (isFull(lines)) return;
    const head = dataHead(segment, index, scope, limit);
    const items = dataItems(segment, scope, Math.min(limit, left));
    left = Math.max(left - sizeOf(items), 0);
    if (items.length <= 1) {
      addLine(lines, FIELD_LEVEL, `${head} ${items[0]?.text ?? '""'})`, segment.offset);
      return;
    }
    addLine(lines, FIELD_LEVEL, head, segment.offset);
    for (const { text, offset } of items) addLine(lines, FIELD_LEVEL + 1, text, offset);
    addLine(lines, FIELD_LEVEL, ')', segment.offset);
  });
  const bytes = data.slice(listed).reduce((sum, { start, end }) => sum + end - start, 0);
  if (listed < data.length)
    addLine(lines, FIELD_LEVEL, `(;${data.length - listed} more data segments, ${bytes} bytes;)`, data[listed].offset);
}
