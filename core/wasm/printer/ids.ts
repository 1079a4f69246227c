/** Identifiers of the items of a module, unique in each index space. */
import type { ExternalKind, Module } from '../module.ts';
import { identifier, shortenName } from './text.ts';

/** Index spaces of a module, named by the keywords of the text format. */
export type Space = ExternalKind | 'type' | 'elem' | 'data';

/** Identifiers of items as the text writes them. */
export interface Ids {
  /** `$name` or the index. */
  use(space: Space, index: number): string;
  /** The same at the definition: `$name (;index;)` or `(;index;)`. */
  define(space: Space, index: number): string;
  /** Whether the item has a `$name`. */
  has(space: Space, index: number): boolean;
}

/**
 * Identifiers for named items: the first of several equal names keeps it, later ones get `#index` appended. `derived`
 * names (from imports and exports) are used only if they are free, so that printing the parsed text again gives the
 * same identifiers.
 */
export function assignIds(
  named: Iterable<readonly [index: number, name: string]>,
  derived: Iterable<readonly [index: number, name: string]> = [],
): Map<number, string> {
  const ids = new Map<number, string>();
  const entries = Array.from(named, ([index, name]) => [index, shortenName(name)] as const);
  const reserved = new Set(entries.map(([, name]) => name));
  const used = new Set<string>();
  const add = (index: number, name: string): void => {
    used.add(name);
    ids.set(index, identifier(name));
  };
  for (const [index, name] of entries) {
    if (name === '') continue;
    const numbered = `${name}#${index}`;
    if (!used.has(name)) add(index, name);
    else if (!reserved.has(numbered) && !used.has(numbered)) add(index, numbered);
  }
  for (const [index, fullName] of derived) {
    const name = shortenName(fullName);
    if (name !== '' && !ids.has(index) && !reserved.has(name) && !used.has(name)) add(index, name);
  }
  return ids;
}

/** Number of items in each index space. */
function spaceSizes(module: Module): Record<Space, number> {
  return {
    func: module.functions.typeIndex.length,
    table: module.tables.length,
    memory: module.memories.length,
    global: module.globals.length,
    tag: module.tags.length,
    type: module.types.length,
    elem: module.elements.length,
    data: module.data.length,
  };
}

/** Names that exports and imports (`module.name`) give to the items of one kind. */
function* derivedNames(module: Module, kind: ExternalKind): Generator<[number, string]> {
  for (const item of module.exports) if (item.kind === kind) yield [item.index, item.name];
  for (const item of module.imports) if (item.kind === kind) yield [item.index, `${item.module}.${item.name}`];
}

/** Assigns identifiers to all items of a module. */
export function createIds(module: Module): Ids {
  const { names } = module;
  const sizes = spaceSizes(module);
  // The name of a missing item would be an identifier that is used but never defined.
  const existing = (space: Space, named: Iterable<readonly [number, string]>) =>
    Array.from(named).filter(([index]) => index < sizes[space]);
  const own = (space: Space, named: Map<number, string>) => assignIds(existing(space, named));
  const external = (kind: ExternalKind, named: Map<number, string>) =>
    assignIds(existing(kind, named), existing(kind, derivedNames(module, kind)));
  const spaces: Record<Space, Map<number, string>> = {
    func: external('func', names.functions),
    table: external('table', names.tables),
    memory: external('memory', names.memories),
    global: external('global', names.globals),
    tag: external('tag', names.tags),
    type: own('type', names.types),
    elem: own('elem', names.elements),
    data: own('data', names.data),
  };
  return {
    use: (space, index) => spaces[space].get(index) ?? String(index),
    define: (space, index) => {
      const id = spaces[space].get(index);
      return id === undefined ? `(;${index};)` : `${id} (;${index};)`;
    },
    has: (space, index) => spaces[space].has(index),
  };
}
