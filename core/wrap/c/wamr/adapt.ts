/** What WAMR cannot express, taken out of a module's surface with the reason. */
import type { LeftOut, Surface } from '../../surface.ts';
import type { WrapInput } from '../../wrapInput.ts';
import { isPlainName } from '../text.ts';

const ZERO = 'its name contains a zero byte, and WAMR takes names as strings';
const LONG = 'its name is too long for a string literal of C';

/** Why WAMR cannot be asked for a name. */
const unspeakable = (...names: string[]): string | undefined =>
  names.some((name) => name.includes('\0')) ? ZERO : names.every(isPlainName) ? undefined : LONG;

/** The input without the exports and imports that WAMR's API has no way for, and without what WAMR itself calls. */
export function adapted(input: WrapInput): WrapInput {
  const { surface } = input;
  const leftOut: LeftOut[] = [];
  const importsLeftOut: LeftOut[] = [];
  const exports = surface.exports.filter(({ name }) => keep(unspeakable(name), name, leftOut));
  const functions = surface.functions.filter(({ module, name, results }) =>
    keep(
      unspeakable(module, name) ??
        (results.length > 1 ? 'it returns several values, which no native function can' : undefined),
      `${module}.${name}`,
      importsLeftOut,
    ),
  );
  // WAMR makes a memory that a module imports; it has no API to give it a table or a global.
  const state = surface.state.filter(({ kind, module, name }) =>
    keep(kind === 'memory' ? undefined : `WAMR cannot be given a ${kind}`, `${module}.${name}`, importsLeftOut),
  );
  // https://github.com/bytecodealliance/wasm-micro-runtime: wasm_runtime_instantiate calls _initialize of a module
  // that imports WASI, and __wasm_call_ctors of any other.
  const byRuntime = surface.wasi ? '_initialize' : '__wasm_call_ctors';
  const adaptedSurface: Surface = {
    ...surface,
    exports: exports.length > 0 ? exports : surface.exports,
    functions,
    state,
    life: surface.life.filter(({ name }) => name !== byRuntime),
    leftOut: [...surface.leftOut, ...leftOut],
    importsLeftOut: [...surface.importsLeftOut, ...importsLeftOut],
  };
  return { ...input, surface: adaptedSurface };
}

function keep(why: string | undefined, name: string, out: LeftOut[]): boolean {
  if (why !== undefined) out.push({ name, why });
  return why === undefined;
}
