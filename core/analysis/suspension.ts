/**
 * Where another call can run while one has not returned, on one instance and one thread: in an imported function that
 * suspends its caller (JSPI, an async host function), unwinds it (Asyncify) or calls back.
 * Source: https://github.com/WebAssembly/js-promise-integration/blob/main/proposals/js-promise-integration/Overview.md
 */
import type { Import, Module } from '../wasm/module.ts';
import { setBit } from './bits.ts';
import type { Effect } from './cells.ts';
import { answersAtOnce } from './hostImports.ts';
import type { ModuleSharing } from './model.ts';

/** `module.name` of an import, or a pattern of such names in which `*` stands for any characters. */
export type ImportPattern = string;

/** Whether one of the patterns fits the import. */
export function matchesImport(patterns: readonly ImportPattern[], { module, name }: Pick<Import, 'module' | 'name'>) {
  const full = `${module}.${name}`;
  return patterns.some((pattern) => fits(pattern.split('*'), full));
}

/** Whether `text` is the literal pieces in their order with anything between them. No regular expression: linear time. */
function fits(pieces: readonly string[], text: string): boolean {
  const [first, ...rest] = pieces;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/**
 * What of a module decides where calls can be interrupted under the cooperative model. `patterns`: imports that suspend;
 * where none is given every import may, apart from functions that are known to answer at once.
 */
export function suspensionOf(
  module: Module,
  patterns: readonly ImportPattern[],
): Pick<ModuleSharing, 'suspending' | 'suspendingNamed'> {
  const functions = module.imports.filter((i) => i.kind === 'func');
  const suspending = functions.map((imported) =>
    patterns.length > 0 ? matchesImport(patterns, imported) : !answersAtOnce(module, imported),
  );
  return {
    suspending,
    suspendingNamed: patterns.length > 0 && suspending.includes(true),
  };
}

/** Bitset of the effects that are calls which may suspend or call back; calls of unknown code may. */
export function suspensions(effects: readonly Effect[], { suspending }: ModuleSharing, words: number): Uint32Array {
  const found = new Uint32Array(words);
  effects.forEach(({ cell }, e) => {
    const unknown = cell.kind === 'host-unknown' || cell.kind === 'anything';
    const calls = cell.kind === 'host' && (cell.index === undefined || suspending[cell.index] === true);
    if (unknown || calls) setBit(found, 0, e);
  });
  return found;
}
