/**
 * The mapping between a text and the binary that it was compiled to, as plain data: made in a worker thread, used by
 * `watSourceMap.ts`. The n-th instruction that the reader finds in a function is the n-th instruction of its body in
 * the binary; items correspond by index. If the two disagree on a function (a defect of the reader), its instructions
 * are mapped to the whole function.
 */

import { t } from '../text/l10n.ts';
import type { ItemKind } from '../text/moduleItems.ts';
import { Cursor, DecodeFailure } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';
import { skipInstruction, skipLocals } from '../wasm/skip.ts';
import type { WatDocument, WatItem, WatModule } from './model.ts';

/** Spans by index: `start`, `end`, `start`, `end`, ... UTF-16 offsets in the whole text. */
type Spans = Uint32Array;

/** The mapping of one module. */
export interface WatMapData {
  /** The whole module, then its first words, which mark it. */
  module: Spans;
  /**
   * The part of each item that marks it: at most a line. Indices are those of the index space; an imported item has
   * the span of its own form.
   */
  marks: Record<ItemKind, Spans>;
  spans: Record<ItemKind, Spans>;
  /** Byte offset of each instruction, function after function. */
  offsets: Uint32Array;
  /**
   * By defined function: start of its slice of `offsets`, which is empty if instructions are mapped to the whole
   * function. Has one more entry at the end.
   */
  base: Uint32Array;
  /** By defined function: first of its entries in the reader's instructions. */
  first: Uint32Array;
  /** Functions whose instructions are mapped to the whole function, and why; for the log. */
  mismatches: Mismatch[];
}

/** A function on which text and binary disagree, and why. */
export interface Mismatch {
  func: number;
  why: string;
}

/** Maps the module `wat` of `doc` to `module`, the binary compiled from it. */
export function mapData(doc: WatDocument, wat: WatModule, module: Module): WatMapData {
  const { imported, entry, bodyStart, bodyEnd } = module.functions;
  const mismatches: Mismatch[] = [];
  const base = new Uint32Array(entry.length + 1);
  const first = new Uint32Array(entry.length);
  // A body has at least one byte for each instruction, besides its locals and sizes.
  const offsets = new Uint32Array(bodyEnd.reduce((sum, end, d) => sum + end - bodyStart[d], 0));
  let filled = 0;
  for (let d = 0; d < entry.length; d++) {
    base[d] = filled;
    const func = wat.funcs[imported + d];
    const count = readOffsets(module, d, offsets, filled);
    first[d] = func?.first ?? (d > 0 ? first[d - 1] : 0);
    const why = func === undefined ? t('the text does not have this function') : difference(doc, func, count);
    if (why === undefined && count !== undefined) filled += count.ids.length;
    else mismatches.push({ func: imported + d, why: why ?? t('its body cannot be decoded') });
  }
  base[entry.length] = filled;
  return { ...itemSpans(doc.text, wat), offsets: offsets.slice(0, filled), base, first, mismatches };
}

/**
 * Instruction ids of body `d`, whose offsets are written to `offsets` from `at` on; undefined if it cannot be decoded.
 */
function readOffsets(module: Module, d: number, offsets: Uint32Array, at: number): { ids: number[] } | undefined {
  const { bodyStart, bodyEnd } = module.functions;
  if (bodyEnd[d] === 0) return undefined;
  const cursor = new Cursor(module.bytes, bodyStart[d], bodyEnd[d]);
  const ids: number[] = [];
  try {
    skipLocals(cursor);
    while (!cursor.atEnd()) {
      offsets[at + ids.length] = cursor.pos;
      ids.push(skipInstruction(cursor));
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return undefined;
  }
  return { ids };
}

/** The difference between reader and binary, undefined if they agree. */
function difference(
  { instructions }: WatDocument,
  { first, length, broken }: WatModule['funcs'][number],
  body: { ids: number[] } | undefined,
): string | undefined {
  if (body === undefined) return t('its body cannot be decoded');
  const { ids } = body;
  if (broken) return t('the reader could not parse it');
  if (ids.length !== length) return t('{0} instructions in the binary, {1} in the text', ids.length, length);
  for (let i = 0; i < length; i++) {
    const op = instructions.op[first + i];
    if (op !== -1 && op !== ids[i]) return t('instruction {0} differs', i);
  }
  return undefined;
}

const pairs = (spans: readonly ({ start: number; end: number } | undefined)[]): Spans => {
  const packed = new Uint32Array(spans.length * 2);
  spans.forEach((span, i) => {
    packed[2 * i] = span?.start ?? 0;
    packed[2 * i + 1] = span?.end ?? 0;
  });
  return packed;
};

function itemSpans(text: string, wat: WatModule): Pick<WatMapData, 'module' | 'marks' | 'spans'> {
  const nextBreak = lineBreaks(text);
  const lineEnd = (start: number, end: number): number => {
    const line = nextBreak(start);
    const cut = line === -1 || line > end ? end : line;
    return text[cut - 1] === '\r' ? cut - 1 : cut;
  };
  const firstLine = ({ start, end }: { start: number; end: number }) => ({ start, end: lineEnd(start, end) });
  /** `(func $f` only, since parameters and results may take several lines. */
  const name = (item: WatItem) => ({ start: item.start, end: item.id?.end ?? wordEnd(text, item.start) });
  const header = ({ header: span }: WatItem) => firstLine(span);
  const start = wat.startFunction ? [wat.startFunction.form] : [];
  return {
    module: pairs([wat, firstLine({ start: wat.start, end: wat.id?.end ?? wordEnd(text, wat.start) })]),
    spans: {
      function: pairs(wat.funcs),
      table: pairs(wat.tables),
      memory: pairs(wat.memories),
      global: pairs(wat.globals),
      tag: pairs(wat.tags),
      type: pairs(wat.types),
      import: pairs(wat.imports),
      export: pairs(wat.exports),
      element: pairs(wat.elems),
      data: pairs(wat.data),
      start: pairs(start),
    },
    marks: {
      function: pairs(wat.funcs.map(name)),
      table: pairs(wat.tables.map(header)),
      memory: pairs(wat.memories.map(header)),
      global: pairs(wat.globals.map(header)),
      tag: pairs(wat.tags.map(header)),
      type: pairs(wat.types.map(firstLine)),
      import: pairs(wat.imports.map(firstLine)),
      export: pairs(wat.exports.map(firstLine)),
      element: pairs(wat.elems.map(header)),
      data: pairs(wat.data.map(header)),
      start: pairs(start.map(firstLine)),
    },
  };
}

/**
 * Finds the first line break from an offset on, -1 if there is none. What was found last is kept: items come in the order
 * of the text, and a text of megabytes may be one line.
 */
function lineBreaks(text: string): (from: number) => number {
  let known = { from: text.length + 1, to: -1 };
  return (from) => {
    const isKnown = known.from <= from && (from <= known.to || known.to === -1);
    if (!isKnown) known = { from, to: text.indexOf('\n', from) };
    return known.to;
  };
}

/** End of the word after an opening parenthesis. */
function wordEnd(text: string, start: number): number {
  const match = /^\(?\s*[^\s()";]*/.exec(text.slice(start, start + 100));
  return start + (match?.[0].length ?? 0);
}

/**
 * The mapping of a binary whose text was not read, `(module binary "...")` for example: everything maps to `[start,
 * end)`.
 */
export function emptyMapData({ functions }: Module, start: number, end: number): WatMapData {
  const none = (): Record<ItemKind, Spans> => {
    const spans = new Uint32Array();
    return {
      ...{ function: spans, table: spans, memory: spans, global: spans, tag: spans, type: spans },
      ...{ import: spans, export: spans, element: spans, data: spans, start: spans },
    };
  };
  return {
    module: Uint32Array.of(start, end, start, end),
    marks: none(),
    spans: none(),
    offsets: new Uint32Array(),
    base: new Uint32Array(functions.entry.length + 1),
    first: new Uint32Array(functions.entry.length),
    mismatches: [],
  };
}
