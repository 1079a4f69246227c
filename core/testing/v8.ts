/** The engine that runs the tests, as an independent judge. The compiler's library leaves `WebAssembly` to the DOM's. */

interface Engine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
}

const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

export const v8Accepts = (bytes: Uint8Array): boolean => engine.validate(bytes);

/** Why V8 refuses `bytes`; undefined when it accepts them. `validate` keeps the reason to itself. */
export function v8Refusal(bytes: Uint8Array): string | undefined {
  try {
    new engine.Module(bytes);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
