/**
 * Validates a binary: types, indices, limits. No code of the module runs. The engine of this JavaScript runtime is asked
 * first, because it is fast; what it refuses may be a proposal that it does not know, so wasm-tools is asked, too.
 */

import { t } from '../text/l10n.ts';
import type { Module } from './module.ts';
import { type ToolsError, toolsError } from './validity/wasmTools.ts';
import { wasmEngine } from './webAssembly.ts';

/** The error about a binary that this engine refuses. */
export interface ValidationError {
  /** Byte offset in the binary, if known. */
  offset: number | undefined;
  /** Function index, if the error is in a body. */
  func: number | undefined;
  /** Without a full stop. */
  message: string;
  /**
   * `invalid`: not valid according to the specification and all proposals. `unsupported`: the module uses a proposal that
   * this engine does not know, or exceeds a limit of this engine; other engines may accept it.
   */
  kind: 'invalid' | 'unsupported';
}

/**
 * First error of the module, undefined if the engine accepts it. The message is the engine's if wasm-tools refuses the
 * same place, and wasm-tools' if the engine was confused by a proposal that it does not know.
 */
export async function validationError(module: Module): Promise<ValidationError | undefined> {
  const engine = engineError(module.bytes);
  if (engine === undefined) return undefined;
  // A module that cannot be decoded has no parts to ask about: the engine's words have to do.
  const tools = module.errors.length > 0 ? 'unknown' : await toolsError(module);
  if (tools === 'unknown') return engine;
  if (tools === undefined) return { ...engine, kind: 'unsupported' };
  if (tools.isBeyond) return engine;
  const { offset, message } = tools;
  const func = functionAt(module, offset);
  return isSamePlace(engine, tools, func) ? { ...engine, kind: 'invalid' } : { offset, func, message, kind: 'invalid' };
}

/** Whether both speak of one fault: near each other in one body, or both outside of bodies. */
function isSamePlace(engine: ValidationError, tools: ToolsError, func: number | undefined): boolean {
  if (engine.kind === 'unsupported' || engine.func !== func) return false;
  return engine.offset === undefined || Math.abs(engine.offset - tools.offset) <= NEAR;
}

/** Most bytes between the places that two validators give one fault: that of an operand, and that of its instruction. */
const NEAR = 16;

/** Index of the function whose code entry has the byte. */
function functionAt({ functions: { imported, entry, bodyEnd } }: Module, offset: number): number | undefined {
  const d = entry.findIndex((start, d) => start <= offset && offset < bodyEnd[d]);
  return d < 0 ? undefined : imported + d;
}

/**
 * The engine's error, undefined if it accepts the module. Only the constructor of a module says what is wrong; it is
 * called after `validate` fails, which compiles nothing.
 */
function engineError(bytes: Uint8Array): ValidationError | undefined {
  if (wasmEngine.validate(bytes)) return undefined;
  try {
    new wasmEngine.Module(bytes);
  } catch (error) {
    return readMessage((error as Error).message);
  }
  // A lazy engine validates bodies on their first call.
  return { offset: undefined, func: undefined, message: t('the module is not valid'), kind: 'invalid' };
}

/** `WebAssembly.Module(): Compiling function #1:"f" failed: not enough arguments ... @+39`. */
const MESSAGE =
  /^(?:WebAssembly\.Module\(\): )?(?:Compiling function #(\d+)(?::"(?:[^"\\]|\\.)*")? failed: )?(.*?)(?: @\+(\d+))?$/s;

/**
 * Messages of V8 about features that it does not support: the module could be decoded, so an opcode or flag that V8 does
 * not know belongs to a proposal.
 */
const UNSUPPORTED =
  /enable (?:with|via) --|not enabled|invalid (?:numeric |simd |atomic |gc )?opcode|invalid \w+ limits flags|(?:implementation|internal) limit|maximum function size|max br_table|mix of legacy and new|unknown type form|count too large/i;

/** Reads function, message and offset from an error message of V8. */
export function readMessage(text: string): ValidationError {
  const [, func, message, offset] = MESSAGE.exec(text) ?? [undefined, undefined, text, undefined];
  return {
    offset: offset === undefined ? undefined : Number(offset),
    func: func === undefined ? undefined : Number(func),
    message: message.replace(/^"[^"]*" failed: /, ''),
    kind: UNSUPPORTED.test(message) ? 'unsupported' : 'invalid',
  };
}

/**
 * The module with the error that makes it invalid, if decoding found none: decoding checks the structure only, not types
 * and indices in bodies.
 */
export async function validated(module: Module): Promise<Module> {
  if (module.kind !== 'module' || module.errors.length > 0) return module;
  const error = await validationError(module);
  if (error?.kind !== 'invalid') return module;
  const message =
    error.func === undefined
      ? t('not valid: {0}', error.message)
      : t('not valid: in function {0}: {1}', error.func, error.message);
  return { ...module, errors: [{ offset: error.offset ?? 0, message, isInvalid: true }] };
}
