/** Resolves identifiers in the text to indices. */

import type { Item, ItemKind } from '../../../core/text/moduleItems.ts';
import type { Module } from '../../../core/wasm/module.ts';
import { createIds, type Ids, type Space } from '../../../core/wasm/printer/ids.ts';
import type { SourceText } from './moduleDocument.ts';
import { itemInSource } from './sourceWord.ts';

const ITEM_KIND: Readonly<Record<Space, ItemKind>> = {
  func: 'function',
  table: 'table',
  memory: 'memory',
  global: 'global',
  tag: 'tag',
  type: 'type',
  elem: 'element',
  data: 'data',
};

/** A module and its source; without one, its text is that of the printer. */
export interface Named {
  module: Module;
  source?: SourceText;
}

/** Item that the text of a token, `$id` or a number, names in an index space. */
export function itemOfToken({ module, source }: Named, space: Space, text: string | undefined): Item | undefined {
  if (text === undefined) return undefined;
  const index = source ? itemInSource(source, space, text) : indexOfText(module, space, text);
  return index === undefined || Number.isNaN(index) ? undefined : { kind: ITEM_KIND[space], index };
}

const indexOfText = (module: Module, space: Space, text: string): number | undefined =>
  text.startsWith('$') ? indexOfId(module, space, text) : Number.parseInt(text, 10);

const identifiers = new WeakMap<Module, { ids: Ids; bySpace: Map<Space, Map<string, number>> }>();

/** Index of an identifier made by the printer. The inverse of each index space is computed once per module. */
function indexOfId(module: Module, space: Space, id: string): number | undefined {
  let known = identifiers.get(module);
  if (known === undefined) {
    known = { ids: createIds(module), bySpace: new Map() };
    identifiers.set(module, known);
  }
  let indices = known.bySpace.get(space);
  if (indices === undefined) {
    indices = new Map();
    for (let index = 0; index < sizeOf(module, space); index++) indices.set(known.ids.use(space, index), index);
    known.bySpace.set(space, indices);
  }
  return indices.get(id);
}

function sizeOf(module: Module, space: Space): number {
  switch (space) {
    case 'func':
      return module.functions.typeIndex.length;
    case 'table':
      return module.tables.length;
    case 'memory':
      return module.memories.length;
    case 'global':
      return module.globals.length;
    case 'tag':
      return module.tags.length;
    case 'type':
      return module.types.length;
    case 'elem':
      return module.elements.length;
    case 'data':
      return module.data.length;
  }
}
