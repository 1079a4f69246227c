/** Validates a binary with the engine: types, indices, limits. No code of the module runs. */

import { t } from '../text/l10n.ts';
import type { Module } from './module.ts';
import { wasmEngine } from './webAssembly.ts';

/** The engine's error about a binary. */
export interface ValidationError {
  /** Byte offset in the binary, if the engine gives one. */
  offset: number | undefined;
  /** Function index, if the error is in a body. */
  func: number | undefined;
  /** Without a full stop. */
  message: string;
  /**
   * `invalid`: not valid according to the specification. `unsupported`: the module uses a proposal that this engine
   * does not know, or exceeds a limit of this engine; other engines may accept it.
   */
  kind: 'invalid' | 'unsupported';
}

/**
 * First error of the module, undefined if it is valid. Only the constructor of a module says what is wrong; it is
 * called after `validate` fails, which compiles nothing.
 */
export function validationError(bytes: Uint8Array): ValidationError | undefined {
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
 * Messages of V8 about features that it does not support. The text compiled, so an opcode or flag that V8 does not
 * know belongs to a proposal.
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

/** `(module (memory 0) (memory 0))`. */
const TWO_MEMORIES = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0]);

/**
 * The engine's error about a binary, if it is certain that no engine accepts the module. An engine that is older than the
 * features of WebAssembly 3.0 (Node 20) rejects too much to be asked.
 */
export function certainError(bytes: Uint8Array): ValidationError | undefined {
  const error = validationError(bytes);
  return error?.kind === 'invalid' && validationError(TWO_MEMORIES) === undefined ? error : undefined;
}

/**
 * The module with the engine's error, if decoding found none: decoding checks the structure only, not types and indices in
 * bodies.
 */
export function validated(module: Module): Module {
  if (module.kind !== 'module' || module.errors.length > 0) return module;
  const error = certainError(module.bytes);
  if (error === undefined) return module;
  const message =
    error.func === undefined
      ? t('not valid: {0}', error.message)
      : t('not valid: in function {0}: {1}', error.func, error.message);
  return { ...module, errors: [{ offset: error.offset ?? 0, message, isInvalid: true }] };
}
