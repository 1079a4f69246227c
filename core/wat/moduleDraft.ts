/**
 * A module while it is read. Indices are assigned at the end: imports come first in every index space wherever they
 * are written, and names may be used before their definition.
 */
import type { ExternalKind } from '../wasm/module.ts';
import type { Space } from '../wasm/printer/ids.ts';
import type { WatFunction, WatItem, WatModule, WatName, WatReference } from './model.ts';
import { nameOfId } from './strings.ts';

/** A module under construction, with references that are not resolved yet. */
export interface ModuleDraft {
  module: WatModule;
  /** Uses of items, by the text of the token. */
  uses: { reference: WatReference; space: Space; text: string }[];
  /** Entries that take the index of an item: its inline export, its import. */
  followers: { follower: { index: number }; item: WatItem }[];
}

/** All index spaces. */
export const SPACES: readonly Space[] = ['func', 'table', 'memory', 'global', 'tag', 'type', 'elem', 'data'];

/** Shared by all spaces without names. */
const NO_NAMES = new Map<string, number>();

/** An empty module that starts at offset `start` of the text; `bare` without `(module ...)`. */
export function createDraft(start: number, bare: boolean, id: WatName | undefined): ModuleDraft {
  const names = Object.fromEntries(SPACES.map((space) => [space, NO_NAMES])) as WatModule['names'];
  const module: WatModule = {
    start,
    end: start,
    id,
    bare,
    types: [],
    funcs: [],
    tables: [],
    memories: [],
    globals: [],
    tags: [],
    elems: [],
    data: [],
    imports: [],
    exports: [],
    startFunction: undefined,
    names,
    complete: true,
  };
  return { module, uses: [], followers: [] };
}

/** The index space `space` of a module. */
export function itemsOf(module: WatModule, space: Space): WatItem[] {
  switch (space) {
    case 'func':
      return module.funcs;
    case 'table':
      return module.tables;
    case 'memory':
      return module.memories;
    case 'global':
      return module.globals;
    case 'tag':
      return module.tags;
    case 'type':
      return module.types;
    case 'elem':
      return module.elems;
    case 'data':
      return module.data;
  }
}

const isExternal = (space: Space): space is ExternalKind => space !== 'type' && space !== 'elem' && space !== 'data';

const NUMBER = /^(?:0x[\da-fA-F]+(?:_[\da-fA-F]+)*|\d+(?:_\d+)*)$/;

/** Value of an index that is written as a number; infinite if the text is not one. */
export const numberOf = (text: string): number =>
  NUMBER.test(text) ? Number(text.replaceAll('_', '')) : Number.POSITIVE_INFINITY;

/** Index that a token, `$id` or a number, means in an index space; -1 if there is no such item. */
export function indexIn(module: WatModule, space: Space, text: string): number {
  const named = text.startsWith('$');
  const index = named ? module.names[space].get(nameOfId(text, 0, text.length).text) : numberOf(text);
  return index !== undefined && index < itemsOf(module, space).length ? index : -1;
}

/** Assigns indices, then resolves names. Nothing can be added afterwards. */
export function finishDraft({ module, uses, followers }: ModuleDraft): WatModule {
  for (const space of SPACES) {
    const items = itemsOf(module, space);
    // The sort is stable: imported and defined items keep their order.
    if (isExternal(space)) items.sort((a, b) => Number(b.imported) - Number(a.imported));
    if (items.length === 0) continue;
    const names = new Map<string, number>();
    items.forEach((item, index) => {
      item.index = index;
      if (item.id !== undefined && !names.has(item.id.text)) names.set(item.id.text, index);
    });
    if (names.size > 0) module.names[space] = names;
  }
  for (const { follower, item } of followers) follower.index = item.index;
  for (const { reference, space, text } of uses) reference.index = indexIn(module, space, text);
  for (const func of module.funcs) numberLocals(module, func);
  return module;
}

/** Numbers the locals of a function with only `(type $t)` after the parameters of that type. */
function numberLocals(module: WatModule, func: WatFunction): void {
  const type = func.type === undefined ? undefined : module.types[func.type.index];
  if (func.params.length === 0 && type !== undefined) func.paramCount = type.paramCount;
  for (const local of func.locals) local.index += func.paramCount;
}
