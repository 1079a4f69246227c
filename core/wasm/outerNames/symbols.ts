/**
 * Symbol maps: the names of all functions, one `index:name` a line, as Emscripten's `--emit-symbol-map` and Binaryen's
 * `--symbolmap` write them. Source: Binaryen, src/passes/PrintFunctionMap.cpp, and `escape` in src/wasm/wasm-binary.cpp
 */
import type { Module } from '../module.ts';
import { NO_OUTER_NAMES, type OuterNames } from './model.ts';

/** Longest text that is read, in characters. */
const MOST_TEXT = 64 << 20;
const LINE = /^(\d{1,7}):(.{1,4000})$/;
/** Characters that WebAssembly text does not allow in names are written as two hexadecimal digits. */
const ESCAPED = /\\([0-9a-f]{2})/gi;

/** Names of the functions of `module` that a symbol map lists; none if it lists a function that the module lacks. */
export function symbolMapNames(text: string, module: Pick<Module, 'functions' | 'exports'>): OuterNames {
  if (text.length > MOST_TEXT) return NO_OUTER_NAMES;
  const functions = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, index, name] = LINE.exec(line.trimEnd()) ?? [];
    if (index === undefined) continue;
    // The map of another build: its other names would be wrong, too.
    if (Number(index) >= module.functions.typeIndex.length) return NO_OUTER_NAMES;
    functions.set(
      Number(index),
      name.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    );
  }
  const exports = new Map<string, string>();
  for (const { kind, index, name } of module.exports) {
    const symbol = kind === 'func' ? functions.get(index) : undefined;
    if (symbol !== undefined && symbol !== name && isMinified(name)) exports.set(name, symbol);
  }
  const constructors = [...exports].find(([, symbol]) => symbol === '__wasm_call_ctors')?.[0];
  return { ...NO_OUTER_NAMES, exports, functions, constructors };
}

/** Emscripten's minified names have at most three characters. */
const isMinified = (name: string): boolean => name.length <= 3;
