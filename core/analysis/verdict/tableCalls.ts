/**
 * Functions that the host calls through a table, because the module registers them there: the methods of classes that
 * Embind or N-API publish are no exports.
 * Sources: Emscripten's system/include/emscripten/bind.h (`_embind_register_*`), Node-API (`napi_create_function`).
 */
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';

const REGISTERS =
  /^(?:_embind_register_(?:class|function|smart_ptr|value_|enum)\w*|napi_(?:create_function|define_class))$/;

const known = new WeakMap<Module, readonly number[]>();

/** Indices of the functions in tables of a module that registers some of them with the host; empty for others. */
export function calledThroughTable(module: Module): readonly number[] {
  const found = known.get(module) ?? find(module);
  known.set(module, found);
  return found;
}

function find({ imports, elements, functions }: Module): number[] {
  if (!imports.some(({ kind, name }) => kind === 'func' && REGISTERS.test(name))) return [];
  const listed = new Set(elements.flatMap((segment) => [...(segment.functions ?? [])]));
  return [...listed].filter((func) => func >= functions.imported).sort((a, b) => a - b);
}

/** What an embedder has to know of such a module. */
export const tableCallsText = (): string =>
  t(
    'The host calls functions that the module registers through a table, besides its exports: what is said here covers them, and they must be called like exports.',
  );
