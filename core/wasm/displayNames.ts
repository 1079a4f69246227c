/**
 * Names of a module's items for people: `$name` from the name section, else the name of an export, else `module.name`
 * of the import, else `func[12]`. They are for display only, never for lookup: long names are cut in the middle,
 * control characters are escaped, and two items may have the same name.
 */
import { displayable } from '../harmless/names.ts';
import { bindgenName } from './bindgenNames.ts';
import { demangled } from './demangle.ts';
import type { Export, ExternalKind, Module } from './module.ts';

/** Names that exports and imports give to the items of one kind; the first one wins. */
interface OuterNames {
  exported: Map<number, string>;
  imported: Map<number, string>;
}

const outerNames = new WeakMap<Module, Record<ExternalKind, OuterNames>>();

/** Computed once per module: a module with 10,000 exports needs as many names. */
function outerNamesOf(module: Module): Record<ExternalKind, OuterNames> {
  const known = outerNames.get(module);
  if (known !== undefined) return known;
  const empty = (): OuterNames => ({ exported: new Map(), imported: new Map() });
  const names = { func: empty(), table: empty(), memory: empty(), global: empty(), tag: empty() };
  for (const { kind, index, name } of module.exports) {
    if (!names[kind].exported.has(index)) names[kind].exported.set(index, name);
  }
  for (const { kind, index, module: from, name, symbol } of module.imports) {
    if (names[kind].imported.has(index)) continue;
    names[kind].imported.set(index, withSymbol(`${from}.${name}`, symbol ?? bindgenName(name)));
  }
  outerNames.set(module, names);
  return names;
}

/** Name of item `index` of a kind; `prefix[index]` if it has none. */
function itemName(module: Module, kind: ExternalKind, own: Map<number, string>, index: number, prefix: string): string {
  const name = own.get(index);
  if (name !== undefined && name !== '') return displayable(`$${demangled(name)}`);
  const outer = outerNamesOf(module)[kind];
  const alias = outer.exported.get(index) || outer.imported.get(index);
  return alias ? displayable(alias) : `${prefix}[${index}]`;
}

/** Display name of a function. */
export const functionName = (module: Module, index: number): string =>
  itemName(module, 'func', module.names.functions, index, 'func');

/** Display name of a global. */
export const globalName = (module: Module, index: number): string =>
  itemName(module, 'global', module.names.globals, index, 'global');

/** Display name of a table. */
export const tableName = (module: Module, index: number): string =>
  itemName(module, 'table', module.names.tables, index, 'table');

/** Display name of a tag. */
export const tagName = (module: Module, index: number): string =>
  itemName(module, 'tag', module.names.tags, index, 'tag');

/**
 * Display name of a memory: its name in the name section, else `memory[0]`, which says more than the export name
 * `memory` that all toolchains use.
 */
export function memoryName(module: Module, index: number): string {
  const name = module.names.memories.get(index);
  return name ? displayable(`$${name}`) : `memory[${index}]`;
}

/** Display name of a data or element segment. */
export function segmentName(module: Module, kind: 'data' | 'element', index: number): string {
  const name = (kind === 'data' ? module.names.data : module.names.elements).get(index);
  return name ? displayable(`$${name}`) : `${kind === 'data' ? 'data' : 'elem'}[${index}]`;
}

/**
 * The name of an export for display, `sqlite3_open (A)` if a file beside the module knows another one than the binary; an
 * empty name is shown as `""`.
 */
export const exportLabel = ({ name, symbol }: Pick<Export, 'name' | 'symbol'>): string =>
  name === '' ? '""' : displayable(withSymbol(name, symbol));

/** The same for an export of `module` of which only the name is known. */
export const exportLabelOf = (module: Module, name: string): string =>
  exportLabel({ name, symbol: module.outerNames?.exports.get(name) });

/** The name of an export or import in the source, as far as it is known: what recognisers of names look at. */
export const sourceName = ({ name, symbol }: Pick<Export, 'name' | 'symbol'>): string => symbol ?? name;

const withSymbol = (name: string, symbol: string | undefined): string =>
  symbol === undefined ? name : `${demangled(symbol)} (${name})`;

/** `module.name` of an imported function. */
export function importLabel(module: Module, index: number): string {
  const name = outerNamesOf(module).func.imported.get(index);
  return name === undefined ? `func[${index}]` : displayable(name);
}
