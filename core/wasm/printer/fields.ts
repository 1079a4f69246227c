/** Module fields that take one line each: exports, types, imports, tables, memories, globals, tags, start. */
import type { ExternalKind, Import } from '../module.ts';
import { initText } from './expressions.ts';
import type { Space } from './ids.ts';
import { addLine, isFull, type Lines, NO_OFFSET } from './lines.ts';
import { DATA_BUDGET, type PrintOptions } from './options.ts';
import type { ModuleScope } from './scope.ts';
import { commentText, quoteName } from './text.ts';
import { limitsText, mutableText, typeDefText, typeUseText, valTypeText } from './types.ts';

/** Level of a module field. */
const FIELD_LEVEL = 1;

/** ` ;; readable` if `displayName` has a more readable form of a symbol, else empty. */
export function displayComment(symbol: string | undefined, options: PrintOptions): string {
  if (symbol === undefined || options.displayName === undefined) return '';
  const readable = options.displayName(symbol);
  return readable === symbol ? '' : ` ;; ${commentText(readable)}`;
}

/** Exports that the text has; an engine takes a million of them, and an editor lays out each line. */
export const MOST_PRINTED_EXPORTS = 100_000;

/** Prints the exports, one line each. */
export function printExports(scope: ModuleScope, options: PrintOptions, lines: Lines): void {
  const { exports } = scope.module;
  for (const [position, { name, kind, index, offset }] of exports.entries()) {
    if (isFull(lines)) return;
    if (position === MOST_PRINTED_EXPORTS) {
      addLine(lines, FIELD_LEVEL, `;; ${exports.length - position} more exports are left out`, NO_OFFSET);
      return;
    }
    const comment = kind === 'func' ? displayComment(name, options) : '';
    addLine(
      lines,
      FIELD_LEVEL,
      `(export ${quoteName(name)} (${kind} ${scope.ids.use(kind, index)}))${comment}`,
      offset,
    );
  }
}

/** Prints the types, one line each, with recursion groups around them. */
export function printTypes(scope: ModuleScope, lines: Lines): void {
  const { types } = scope.module;
  types.forEach((type, index) => {
    if (isFull(lines)) return;
    const { explicitGroup, group, groupSize, offset } = type;
    if (explicitGroup && group === index) addLine(lines, FIELD_LEVEL, '(rec', offset);
    const text = typeDefText(type, scope.fields(index), scope.ids);
    addLine(lines, FIELD_LEVEL + (explicitGroup ? 1 : 0), `(type ${scope.ids.define('type', index)} ${text})`, offset);
    // A group that an error cut short ends with its last type.
    const last = index === types.length - 1 || index === group + groupSize - 1;
    if (explicitGroup && last) addLine(lines, FIELD_LEVEL, ')', offset);
  });
}

/** The type of an item, which follows its identifier. */
function externalTypeText(scope: ModuleScope, kind: ExternalKind, index: number): string {
  const { module, ids } = scope;
  switch (kind) {
    case 'func':
      return typeUseText(module.types, module.functions.typeIndex[index], ids);
    case 'tag':
      return typeUseText(module.types, module.tags[index].typeIndex, ids);
    case 'table':
      return ` ${limitsText(module.tables[index].limits)} ${valTypeText(module.tables[index].type, ids)}`;
    case 'memory':
      return ` ${limitsText(module.memories[index].limits)}`;
    case 'global':
      return ` ${mutableText(module.globals[index].type, module.globals[index].mutable, ids)}`;
  }
}

function importText(item: Import, scope: ModuleScope): string {
  const { kind, index } = item;
  const description = `(${kind} ${scope.ids.define(kind, index)}${externalTypeText(scope, kind, index)})`;
  return `(import ${quoteName(item.module)} ${quoteName(item.name)} ${description})`;
}

/** Prints the imports, one line each. */
export function printImports(scope: ModuleScope, options: PrintOptions, lines: Lines): void {
  for (const item of scope.module.imports) {
    if (isFull(lines)) return;
    const comment = item.kind === 'func' ? displayComment(item.name, options) : '';
    addLine(lines, FIELD_LEVEL, importText(item, scope) + comment, item.offset);
  }
}

/** Prints the defined (not imported) items of a kind, one line each, with their initial value if they have one. */
function printItems(
  scope: ModuleScope,
  kind: ExternalKind & Space,
  items: readonly { imported: boolean; offset: number; init?: { start: number; end: number } | undefined }[],
  limit: number,
  lines: Lines,
): void {
  items.forEach(({ imported, offset, init }, index) => {
    if (imported || isFull(lines)) return;
    const value = init === undefined ? '' : ` ${initText(init, scope, limit)}`;
    const text = `(${kind} ${scope.ids.define(kind, index)}${externalTypeText(scope, kind, index)}${value})`;
    addLine(lines, FIELD_LEVEL, text, offset);
  });
}

/** Prints the defined tables, memories, globals and tags. */
export function printDefinitions(scope: ModuleScope, options: PrintOptions, lines: Lines): void {
  const { tables, memories, globals, tags } = scope.module;
  const limit = options.dataBudget ?? DATA_BUDGET;
  printItems(scope, 'table', tables, limit, lines);
  printItems(scope, 'memory', memories, limit, lines);
  printItems(scope, 'global', globals, limit, lines);
  printItems(scope, 'tag', tags, limit, lines);
}

/** Prints the start function, if the module has one. */
export function printStart(scope: ModuleScope, lines: Lines): void {
  const { start } = scope.module;
  if (start !== undefined) addLine(lines, FIELD_LEVEL, `(start ${scope.ids.use('func', start.func)})`, start.offset);
}
