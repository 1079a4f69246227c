/**
 * Compares the structure that `@webassemblyjs/wasm-parser` read with that of our own reader, which has what the parser
 * lacks: byte offsets, type indices, initialisers, and all newer proposals. If the parser cannot read the module, or
 * disagrees, our own reading is used alone.
 */
import type { Module } from './module.ts';
import type { FuncType, Limits } from './types.ts';
import { readSlim, type SlimStructure } from './webassemblyjs.ts';

/** First fact in which the readings differ, undefined if they agree. */
export function difference(own: Module, slim: SlimStructure): string | undefined {
  const counts: [string, number, number][] = [
    ['types', own.types.length, slim.types.length],
    ['imports', own.imports.length, slim.imports.length],
    ['functions', own.functions.typeIndex.length, slim.functions.length],
    ['tables', own.tables.length, slim.tables.length],
    ['memories', own.memories.length, slim.memories.length],
    ['globals', own.globals.length, slim.globals.length],
    ['exports', own.exports.length, slim.exports.length],
  ];
  for (const [what, a, b] of counts) if (a !== b) return `${what}: ${a} and ${b}`;
  const differs = (what: string, length: number, same: (i: number) => boolean): string | undefined => {
    for (let i = 0; i < length; i++) if (!same(i)) return `${what} ${i}`;
    return undefined;
  };
  const typeOf = (index: number) => own.types[index]?.composite;
  return (
    differs('type', own.types.length, (i) => sameSignature(typeOf(i), slim.types[i])) ??
    differs('import', own.imports.length, (i) => {
      const a = own.imports[i];
      const b = slim.imports[i];
      return a.module === b.module && a.name === b.name && a.kind === b.kind;
    }) ??
    differs('function', slim.functions.length, (i) =>
      sameSignature(typeOf(own.functions.typeIndex[i]), slim.functions[i]),
    ) ??
    differs(
      'table',
      own.tables.length,
      (i) => own.tables[i].type === slim.tables[i].type && sameLimits(own.tables[i].limits, slim.tables[i]),
    ) ??
    differs('memory', own.memories.length, (i) => {
      const { limits } = own.memories[i];
      return sameLimits(limits, slim.memories[i]) && limits.shared === slim.memories[i].shared;
    }) ??
    differs(
      'global',
      own.globals.length,
      (i) => own.globals[i].type === slim.globals[i].type && own.globals[i].mutable === slim.globals[i].mutable,
    ) ??
    differs('export', own.exports.length, (i) => {
      const a = own.exports[i];
      const b = slim.exports[i];
      return a.name === b.name && a.kind === b.kind && a.index === b.index;
    }) ??
    (own.start?.func === slim.start ? undefined : 'start function')
  );
}

function sameSignature(a: Module['types'][number]['composite'] | undefined, b: FuncType): boolean {
  if (a?.kind !== 'func' || a.params.length !== b.params.length || a.results.length !== b.results.length) return false;
  return a.params.every((p, i) => p === b.params[i]) && a.results.every((r, i) => r === b.results[i]);
}

function sameLimits(a: Limits, b: { min: number; max: number | undefined }): boolean {
  return Number(a.min) === b.min && (a.max === undefined ? undefined : Number(a.max)) === b.max;
}

/** With more functions the parser takes longer than our whole decoding: 90 ms for 33,000. */
const MOST_FUNCTIONS = 10_000;
/** With more items of another kind, too: 3 s and 1 GB for a million globals. */
const MOST_ITEMS = 50_000;

/** The parser takes time quadratic in the length of a name: 9 s for one of 40,000 characters. */
const LONGEST_NAME = 1000;

/** Sets `structureFrom` if the parser read the module and agrees with our own reader in every fact. */
export function joinStructure(own: Module): void {
  if (own.functions.typeIndex.length > MOST_FUNCTIONS) return;
  const others = [own.types, own.imports, own.globals, own.exports, own.tables, own.memories];
  if (others.some(({ length }) => length > MOST_ITEMS)) return;
  const tooLong = (name: string): boolean => name.length > LONGEST_NAME;
  if (own.exports.some((e) => tooLong(e.name)) || own.imports.some((i) => tooLong(i.name) || tooLong(i.module))) return;
  const slim = readSlim(own.bytes, own.sections);
  if ('reason' in slim || difference(own, slim) !== undefined) return;
  own.structureFrom = 'webassemblyjs';
}
