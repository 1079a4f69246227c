/** What the engine says of a binary that decodes: types, indices, limits. Nothing of the module runs. */

/** The engine's compiler, which the configured type libraries do not declare. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => unknown;
};

export interface ValidationError {
  /** Byte offset in the binary, where the engine tells one. */
  offset: number | undefined;
  /** Function index, for an error in a body. */
  func: number | undefined;
  /** Without full stop. */
  message: string;
  /**
   * `invalid`: wrong by the specification. `unsupported`: this engine does not know a proposal that
   * the module uses, or has a lower limit: other engines may take it.
   */
  kind: 'invalid' | 'unsupported';
}

/**
 * First error of the module, undefined when it is valid. Only the constructor of a module says
 * what is wrong; it is asked after `validate`, which compiles nothing.
 */
export function validationError(bytes: Uint8Array): ValidationError | undefined {
  if (WebAssembly.validate(bytes)) return undefined;
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    return readMessage((error as Error).message);
  }
  // A lazy constructor looks at bodies when they are first called.
  return { offset: undefined, func: undefined, message: 'the module is not valid', kind: 'invalid' };
}

/** `WebAssembly.Module(): Compiling function #1:"f" failed: not enough arguments ... @+39`. */
const MESSAGE =
  /^(?:WebAssembly\.Module\(\): )?(?:Compiling function #(\d+)(?::"(?:[^"\\]|\\.)*")? failed: )?(.*?)(?: @\+(\d+))?$/s;

/**
 * Phrases of V8 for what it was not built for. The text compiled, so that an opcode or flag that V8
 * does not know belongs to a proposal, not to garbage.
 */
const UNSUPPORTED =
  /enable (?:with|via) --|not enabled|invalid (?:numeric |simd |atomic |gc )?opcode|invalid \w+ limits flags|implementation limit|unknown type form|count too large/i;

export function readMessage(text: string): ValidationError {
  const [, func, message, offset] = MESSAGE.exec(text) ?? [undefined, undefined, text, undefined];
  return {
    offset: offset === undefined ? undefined : Number(offset),
    func: func === undefined ? undefined : Number(func),
    message: message.replace(/^"[^"]*" failed: /, ''),
    kind: UNSUPPORTED.test(message) ? 'unsupported' : 'invalid',
  };
}
