/** The engine that runs the tests, as an independent judge. TypeScript declares `WebAssembly` only in its DOM library. */

interface Engine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
}

const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

export const v8Accepts = (bytes: Uint8Array): boolean => engine.validate(bytes);

/** Why V8 rejects `bytes`; undefined if it accepts them. `WebAssembly.validate` does not tell the reason. */
export function v8Refusal(bytes: Uint8Array): string | undefined {
  try {
    new engine.Module(bytes);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
