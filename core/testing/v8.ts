/**
 * The engine that runs the tests, used as an independent validator. TypeScript declares `WebAssembly` in its DOM
 * library only.
 */

interface Engine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
}

const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** Whether V8 considers `bytes` a valid module. */
export const v8Accepts = (bytes: Uint8Array): boolean => engine.validate(bytes);

/** Why V8 rejects `bytes`; undefined if it accepts them. `WebAssembly.validate` does not give the reason. */
export function v8Refusal(bytes: Uint8Array): string | undefined {
  try {
    new engine.Module(bytes);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
