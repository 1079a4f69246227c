/**
 * A module on its way between threads. A structured clone costs the receiving thread about three
 * microseconds an object, and there are modules with 100,000 data segments or names: those travel as
 * typed arrays and one string, and become objects again in a tenth of the time.
 */
import type { Module, Names } from '../../../core/wasm/module.ts';

interface PackedStrings {
  keys: Uint32Array;
  lengths: Uint32Array;
  /** All values, one after the other. */
  text: string;
}
type PackedNames = Omit<Names, 'functions' | 'locals' | 'labels' | 'fields'> & {
  functions: PackedStrings;
  locals: Uint32Array;
  labels: Uint32Array;
  fields: Uint32Array;
};
export type PackedModule = Omit<Module, 'data' | 'names'> & {
  data: Uint32Array;
  names: PackedNames;
};
export declare function packModule(module: Module): PackedModule;
export declare function unpackModule(packed: PackedModule): Module;
