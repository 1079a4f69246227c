/**
 * An analysis on its way between threads. The findings of thousands of exports are tens of thousands
 * of small objects, whose structured clone would hold up the receiving thread: they travel as typed
 * arrays, and those of an export become objects when somebody asks for them.
 */
import type { Analysis } from '../../../core/analysis/model.ts';
import type { Export } from '../../../core/wasm/module.ts';
export interface PackedAnalysis extends Omit<Analysis, 'exports'> {
  exports: Uint32Array;
  hazards: Uint32Array;
  /** Functions of each path, then the call sites that leave them, path after path. */
  paths: Uint32Array;
}
/** `analysis` with its exports as numbers. Severities are those of the rules: settings change them later. */
export declare function packAnalysis(analysis: Analysis): PackedAnalysis;
/** The way back. `exported` are the exports of the module, which have the names. */
export declare function unpackAnalysis(packed: PackedAnalysis, exported: readonly Export[]): Analysis;
