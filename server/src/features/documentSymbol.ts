/** The outline: a group for each kind of item. */

import type { DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { CLASS_TEXT } from '../../../core/analysis/classText.ts';
import { displayable } from '../../../core/harmless/names.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import { sourceRange, type TextRange } from '../../../core/text/lines.ts';
import { number } from '../../../core/text/phrases.ts';
import {
  exportLabel,
  functionName,
  globalName,
  memoryName,
  segmentName,
  tableName,
  tagName,
} from '../../../core/wasm/displayNames.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { Ids } from '../../../core/wasm/printer/ids.ts';
import { limitsText, mutableText, signatureText } from '../../../core/wasm/printer/types.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Limit of symbols in a group; the last one says how many are left out. */
const MAX_SYMBOLS = 5000;

/** Values of `SymbolKind`; types of that module come in as types only. */
const Kind = {
  Module: 2,
  Namespace: 3,
  Interface: 11,
  Function: 12,
  Variable: 13,
  Constant: 14,
  Array: 18,
  Object: 19,
  Event: 24,
} as const;

interface Entry {
  name: string;
  detail: string;
  kind: SymbolKind;
  offset: number;
  /** Its end, if it has more than one line. */
  end: number;
}

/** The entries of a group that are shown, and how many there are. */
interface Entries {
  total: number;
  shown: Entry[];
}

/** Entries are made only for what is shown: a module may have a million of a kind. */
const firstOf = <T>(items: readonly T[], entry: (item: T, index: number) => Entry): Entries => ({
  total: items.length,
  shown: items.slice(0, MAX_SYMBOLS).map(entry),
});

/**
 * The groups that are not empty. For one of several modules in a script, they are inside of a symbol for the module.
 */
export function documentSymbols(doc: ModuleDocument): DocumentSymbol[] {
  const groups = groupsOf(doc);
  const { source, map } = doc;
  const module = source?.wat.modules[source.index];
  const range = module && map.rangeOf(0);
  if (source === undefined || module === undefined || range === undefined || source.wat.modules.length < 2)
    return groups;
  // One of several in a script.
  return [
    {
      name: module.id ? `$${displayable(module.id.text)}` : t('module {0}', source.index),
      kind: Kind.Module,
      range: sourceRange(doc.lineStarts, module.start, module.end),
      selectionRange: range,
      children: groups,
    },
  ];
}

function groupsOf(doc: ModuleDocument): DocumentSymbol[] {
  return [
    group(doc, t('Exports'), Kind.Interface, exportEntries(doc)),
    group(doc, t('Imports'), Kind.Namespace, importEntries(doc)),
    group(doc, t('Tables'), Kind.Array, tableEntries(doc)),
    group(doc, t('Memories'), Kind.Array, memoryEntries(doc)),
    group(doc, t('Globals'), Kind.Variable, globalEntries(doc)),
    group(doc, t('Tags'), Kind.Event, tagEntries(doc)),
    group(doc, t('Element segments'), Kind.Array, elementEntries(doc)),
    group(doc, t('Functions'), Kind.Function, functionEntries(doc)),
    group(doc, t('Data segments'), Kind.Object, dataEntries(doc)),
  ].flat();
}

/** A symbol that groups entries and spans their ranges; none if there are no entries. */
function group(doc: ModuleDocument, name: string, kind: SymbolKind, { total, shown }: Entries): DocumentSymbol[] {
  const children: DocumentSymbol[] = [];
  for (const entry of shown) {
    const selectionRange = doc.map.rangeOf(entry.offset);
    if (selectionRange === undefined) continue;
    const last = entry.end > entry.offset ? doc.map.rangeOf(entry.end) : undefined;
    children.push({
      name: entry.name,
      detail: entry.detail,
      kind: entry.kind,
      selectionRange,
      range: spanning(selectionRange, last ?? selectionRange),
    });
  }
  if (children.length === 0) return [];
  const range = children.map((child) => child.range).reduce(spanning);
  const left = total - MAX_SYMBOLS;
  const selectionRange = children[0].selectionRange;
  if (left > 0) {
    const end = children[children.length - 1].range;
    children.push({ name: t('{0} more', number(left)), kind, range: end, selectionRange: end });
  }
  return [{ name, detail: number(total), kind, range, selectionRange, children }];
}

function spanning(a: TextRange, b: TextRange): TextRange {
  const before = (p: TextRange['start'], q: TextRange['start']): boolean =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return { start: before(b.start, a.start) ? b.start : a.start, end: before(a.end, b.end) ? b.end : a.end };
}

function exportEntries({ module, analysis }: ModuleDocument): Entries {
  const classes = new Map(
    analysis.exports.map(({ exportIndex, class: exportClass }) => [exportIndex, translated(CLASS_TEXT[exportClass])]),
  );
  return firstOf(module.exports, (exported, index) => ({
    name: exportLabel(exported),
    detail: classes.get(index) ?? exported.kind,
    kind: exported.kind === 'func' ? Kind.Function : Kind.Variable,
    offset: exported.offset,
    end: 0,
  }));
}

const importEntries = ({ module }: ModuleDocument): Entries =>
  firstOf(module.imports, (imported) => ({
    name: displayable(`${imported.module}.${imported.name}`),
    detail: imported.kind,
    kind: imported.kind === 'func' ? Kind.Function : Kind.Variable,
    offset: imported.offset,
    end: 0,
  }));

/** Identifiers of types, all that a signature names: those of everything take long to make unique. */
function typeIds({ names }: Module): Ids {
  const use = (_: string, index: number): string => {
    const name = names.types.get(index);
    return name === undefined ? String(index) : displayable(`$${name}`);
  };
  return { use, define: use, has: (_, index) => names.types.has(index) };
}

function functionEntries({ module }: ModuleDocument): Entries {
  const { imported, typeIndex, entry, bodyEnd } = module.functions;
  const ids = typeIds(module);
  const shown: Entry[] = [];
  let total = 0;
  for (let i = 0; i < entry.length; i++) {
    if (entry[i] === 0) continue;
    total++;
    if (shown.length >= MAX_SYMBOLS) continue;
    const func = imported + i;
    const composite = module.types[typeIndex[func]]?.composite;
    shown.push({
      name: functionName(module, func),
      detail: composite?.kind === 'func' ? signatureText(composite, ids).trim() : '',
      kind: Kind.Function,
      offset: entry[i],
      end: bodyEnd[i] - 1,
    });
  }
  return { total, shown };
}

/** Entries of the items that the module defines; imported ones are among the imports. */
function defined<T extends { imported: boolean; offset: number }>(
  items: readonly T[],
  kind: SymbolKind,
  name: (index: number) => string,
  detail: (item: T) => string,
): Entries {
  // Imported ones come first.
  const first = items.findIndex(({ imported }) => !imported);
  return firstOf(first === -1 ? [] : items.slice(first), (item, i) => {
    return { name: name(first + i), detail: detail(item), kind, offset: item.offset, end: 0 };
  });
}

function globalEntries({ module }: ModuleDocument): Entries {
  const ids = typeIds(module);
  const detail = ({ type, mutable }: { type: number; mutable: boolean }): string => mutableText(type, mutable, ids);
  return defined(module.globals, Kind.Variable, (index) => globalName(module, index), detail);
}

const memoryEntries = ({ module }: ModuleDocument): Entries =>
  defined(
    module.memories,
    Kind.Array,
    (index) => memoryName(module, index),
    ({ limits }) => limitsText(limits).trim(),
  );

const tableEntries = ({ module }: ModuleDocument): Entries =>
  defined(
    module.tables,
    Kind.Array,
    (index) => tableName(module, index),
    ({ limits }) => limitsText(limits).trim(),
  );

const tagEntries = ({ module }: ModuleDocument): Entries =>
  defined(
    module.tags,
    Kind.Event,
    (index) => tagName(module, index),
    () => '',
  );

const elementEntries = ({ module }: ModuleDocument): Entries =>
  firstOf(module.elements, ({ mode, offset, functions, exprs }, index) => ({
    name: segmentName(module, 'element', index),
    detail: t('{0}, {1} elements', mode, number(functions?.length ?? exprs?.length ?? 0)),
    kind: Kind.Array,
    offset,
    end: 0,
  }));

const dataEntries = ({ module }: ModuleDocument): Entries =>
  firstOf(module.data, ({ mode, offset, start, end }, index) => ({
    name: segmentName(module, 'data', index),
    detail: t('{0}, {1} bytes', mode, number(end - start)),
    kind: Kind.Object,
    offset,
    end: 0,
  }));
