/** Calls of a module as it is, with the same imports that a stress run gives it: the other side of a comparison. */
import type { Call } from '../../client/src/stress/engine/scenario.ts';
import type { Module } from '../../server/src/wasm/module.ts';
export interface PlainInstance {
  call(call: Call): string;
}
/** @throws when the module cannot be instantiated */
export declare function plainInstance(module: Module): PlainInstance;
