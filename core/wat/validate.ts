/** Validates a binary with the engine: types, indices, limits. No code of the module runs. */

/** The engine's compiler, which TypeScript declares in its DOM library only. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => unknown;
};

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
  if (WebAssembly.validate(bytes)) return undefined;
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    return readMessage((error as Error).message);
  }
  // A lazy engine validates bodies on their first call.
  return { offset: undefined, func: undefined, message: 'the module is not valid', kind: 'invalid' };
}

/** `WebAssembly.Module(): Compiling function #1:"f" failed: not enough arguments ... @+39`. */
const MESSAGE =
  /^(?:WebAssembly\.Module\(\): )?(?:Compiling function #(\d+)(?::"(?:[^"\\]|\\.)*")? failed: )?(.*?)(?: @\+(\d+))?$/s;

/**
 * Messages of V8 about features that it does not support. The text compiled, so an opcode or flag that V8 does not
 * know belongs to a proposal.
 */
const UNSUPPORTED =
  /enable (?:with|via) --|not enabled|invalid (?:numeric |simd |atomic |gc )?opcode|invalid \w+ limits flags|implementation limit|unknown type form|count too large/i;

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
