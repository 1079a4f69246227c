/** Items of a module by byte offset, and the byte offset where an item is defined. */
import type { ExternalKind, Module, Section } from '../wasm/module.ts';

/** Kinds of items that have a definition in the text of a module. */
export type ItemKind =
  | 'export'
  | 'import'
  | 'function'
  | 'global'
  | 'memory'
  | 'table'
  | 'tag'
  | 'type'
  | 'data'
  | 'element'
  | 'start';

/** An item of a module. */
export interface Item {
  kind: ItemKind;
  /** Position in the index space of its kind, or in `exports` or `imports`; for a start, the function index. */
  index: number;
}

const KIND: Readonly<Record<ExternalKind, ItemKind>> = {
  func: 'function',
  table: 'table',
  memory: 'memory',
  global: 'global',
  tag: 'tag',
};

/** Item of an external kind. */
export const itemOf = (kind: ExternalKind, index: number): Item => ({ kind: KIND[kind], index });

/** Item whose definition contains byte offset `offset`. Imported items are found as imports. */
export function itemAt(module: Module, offset: number): Item | undefined {
  const section = sectionAt(module.sections, offset);
  const among = (kind: ItemKind, items: readonly { offset: number; imported?: boolean }[]): Item | undefined => {
    let index = -1;
    for (let i = 0; i < items.length && items[i].offset <= offset; i++) if (!items[i].imported) index = i;
    return index === -1 ? undefined : { kind, index };
  };
  switch (section && SECTION_KIND[section.id]) {
    case 'type':
      return among('type', module.types);
    case 'import':
      return among('import', module.imports);
    case 'table':
      return among('table', module.tables);
    case 'memory':
      return among('memory', module.memories);
    case 'global':
      return among('global', module.globals);
    case 'tag':
      return among('tag', module.tags);
    case 'export':
      return among('export', module.exports);
    case 'start':
      return module.start && { kind: 'start', index: module.start.func };
    case 'element':
      return among('element', module.elements);
    case 'data':
      return among('data', module.data);
    case 'code': {
      const func = functionAt(module, offset);
      return func === undefined ? undefined : { kind: 'function', index: func };
    }
    default:
      return undefined;
  }
}

/** Item kinds by section id; other sections define no items. */
const SECTION_KIND: Readonly<Record<number, ItemKind | 'code'>> = {
  1: 'type',
  2: 'import',
  4: 'table',
  5: 'memory',
  6: 'global',
  7: 'export',
  8: 'start',
  9: 'element',
  10: 'code',
  11: 'data',
  13: 'tag',
};

/**
 * Byte offset of the definition of an item: the code entry of a function, the import of an imported item; undefined if
 * there is no such item.
 */
export function definitionOffset(module: Module, item: Item): number | undefined {
  switch (item.kind) {
    case 'function':
      return functionOffset(module, item.index);
    case 'start':
      return module.start?.offset;
    case 'export':
      return module.exports[item.index]?.offset;
    case 'import':
      return module.imports[item.index]?.offset;
    case 'global':
      return module.globals[item.index]?.offset;
    case 'memory':
      return module.memories[item.index]?.offset;
    case 'table':
      return module.tables[item.index]?.offset;
    case 'tag':
      return module.tags[item.index]?.offset;
    case 'type':
      return module.types[item.index]?.offset;
    case 'data':
      return module.data[item.index]?.offset;
    case 'element':
      return module.elements[item.index]?.offset;
  }
}

function functionOffset(module: Module, func: number): number | undefined {
  const { imported, entry } = module.functions;
  if (func >= imported) return entry[func - imported] || undefined;
  return module.imports.find(({ kind, index }) => kind === 'func' && index === func)?.offset;
}

/** Last `i < length` with `key(i) <= wanted`, where `key` is non-decreasing; -1 if there is none. Binary search. */
export function lastAtMost(length: number, key: (i: number) => number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Section whose header or contents contain byte offset `offset`; undefined outside all sections. */
export function sectionAt(sections: Section[], offset: number): Section | undefined {
  const at = lastAtMost(sections.length, (i) => sections[i].offset, offset);
  return at >= 0 && offset < sections[at].end ? sections[at] : undefined;
}

/** Defined function whose code entry (size field included) contains byte offset `offset`. */
export function functionAt(module: Module, offset: number): number | undefined {
  const { imported, entry, bodyEnd } = module.functions;
  // A missing body has entry 0, and only the last bodies can be missing.
  const at = lastAtMost(entry.length, (i) => entry[i] || Number.POSITIVE_INFINITY, offset);
  return at >= 0 && offset < bodyEnd[at] ? imported + at : undefined;
}
