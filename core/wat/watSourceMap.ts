/** The source map of a module's own text; see `watMapData.ts` for the data behind it. */
import { sourceRange, type TextRange } from '../text/lines.ts';
import {
  definitionOffset,
  functionAt,
  type Item,
  type ItemKind,
  itemAt,
  lastAtMost,
  sectionAt,
} from '../text/moduleItems.ts';
import type { InstructionPlace, SourceMap } from '../text/sourceMap.ts';
import type { Module } from '../wasm/module.ts';
import { markEnd, type TokenText, tokenAtOffset } from './tokenAt.ts';
import type { WatMapData } from './watMapData.ts';

/** The source map of a hand-written text. */
export interface WatSourceMap extends SourceMap {
  /** Start of the outermost item around an offset of the text; undefined outside all items. */
  fieldStart(at: number): number | undefined;
}

/** Makes the source map of a text from its mapping to `module`. */
export function watSourceMap(data: WatMapData, doc: TokenText, module: Module, lineStarts: Uint32Array): WatSourceMap {
  const { instructions, tokens } = doc;
  const { base, first, offsets, marks } = data;
  let items: ItemTree | undefined;

  function markOf(kind: ItemKind, index: number): TextRange | undefined {
    const spans = marks[kind];
    const at = kind === 'start' ? 0 : 2 * index;
    return spans[at + 1] > 0 ? sourceRange(lineStarts, spans[at], spans[at + 1]) : undefined;
  }

  const moduleMark = (): TextRange => sourceRange(lineStarts, data.module[2], data.module[3]);

  function rangeOf(offset: number): TextRange | undefined {
    const func = functionAt(module, offset);
    if (func === undefined) {
      const item = sectionAt(module.sections, offset) && itemAt(module, offset);
      return (item && markOf(item.kind, item.index)) ?? moduleMark();
    }
    const d = func - module.functions.imported;
    const at = base[d] + lastAtMost(base[d + 1] - base[d], (i) => offsets[base[d] + i], offset);
    if (at < base[d]) return markOf('function', func) ?? moduleMark();
    return instructionRange(first[d] + at - base[d]);
  }

  const instructionRange = (entry: number): TextRange =>
    sourceRange(lineStarts, instructions.nameStart[entry], markEnd(doc, entry));

  /** Byte offset of an entry of the reader's instructions; that of its function if reader and binary disagree. */
  function offsetOfEntry(entry: number): number | undefined {
    const d = lastAtMost(first.length, (i) => first[i], entry);
    if (d < 0) return undefined;
    const at = base[d] + entry - first[d];
    return at < base[d + 1] ? offsets[at] : module.functions.entry[d] || undefined;
  }

  function offsetAt(line: number, character: number): number | undefined {
    if (line < 0 || line >= lineStarts.length) return undefined;
    const at = lineStarts[line] + character;
    if (line + 1 < lineStarts.length && at >= lineStarts[line + 1]) return undefined;
    const token = tokenAtOffset(tokens, at);
    if (token === -1 || tokens.start[token] < data.module[0] || tokens.end[token] > data.module[1]) return undefined;
    const entry = instructions.ownerOfToken[token];
    if (entry !== -1) return offsetOfEntry(entry);
    items ??= itemTree(data);
    const item = items.at(tokens.start[token]);
    return item && definitionOffset(module, item);
  }

  function* instructionsIn(startLine: number, endLine: number): Generator<InstructionPlace> {
    const from = lineStarts[Math.max(0, startLine)] ?? doc.text.length;
    const to = lineStarts[endLine + 1] ?? doc.text.length;
    const { imported } = module.functions;
    const { function: funcs } = data.spans;
    for (let d = 0; d < first.length; d++) {
      const f = imported + d;
      if (funcs[2 * f] >= to || funcs[2 * f + 1] <= from) continue;
      for (let at = base[d]; at < base[d + 1]; at++) {
        const entry = first[d] + at - base[d];
        const start = instructions.nameStart[entry];
        if (start < from || start >= to) continue;
        yield { func: f, offset: offsets[at], end: sourceRange(lineStarts, start, markEnd(doc, entry)).end };
      }
    }
  }

  function fieldStart(at: number): number | undefined {
    items ??= itemTree(data);
    return items.fieldStart(at);
  }

  return { rangeOf, offsetAt, elidedFunctionOf: () => undefined, instructionsIn, fieldStart };
}

interface ItemTree {
  /** Innermost item around an offset of the text. */
  at(offset: number): Item | undefined;
  fieldStart(offset: number): number | undefined;
}

/** Items by their place in the text. They can be nested: an inline export is inside its function. */
function itemTree({ spans }: WatMapData): ItemTree {
  const kinds = Object.keys(spans) as ItemKind[];
  const items: { kind: ItemKind; index: number; start: number; end: number; parent: number }[] = [];
  for (const kind of kinds) {
    const of = spans[kind];
    for (let i = 0; i < of.length; i += 2) {
      if (of[i + 1] > of[i]) items.push({ kind, index: i / 2, start: of[i], end: of[i + 1], parent: -1 });
    }
  }
  items.sort((a, b) => a.start - b.start || b.end - a.end);
  const open: number[] = [];
  items.forEach((item, i) => {
    while (open.length > 0 && items[open[open.length - 1]].end <= item.start) open.pop();
    item.parent = open[open.length - 1] ?? -1;
    open.push(i);
  });
  function around(offset: number): number {
    let i = lastAtMost(items.length, (at) => items[at].start, offset);
    while (i !== -1 && items[i].end <= offset) i = items[i].parent;
    return i;
  }
  return {
    at: (offset) => items[around(offset)],
    fieldStart(offset) {
      let i = around(offset);
      while (i !== -1 && items[i].parent !== -1) i = items[i].parent;
      return items[i]?.start;
    },
  };
}
