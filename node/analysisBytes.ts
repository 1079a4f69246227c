/** An analysis as bytes, so that whoever needs it in another process or thread does not analyse the module again. */
import { deserialize, serialize } from 'node:v8';
import type { Analysis } from '../core/analysis/model.ts';
import { type PackedAnalysis, packAnalysis, unpackAnalysis } from '../core/analysis/transfer.ts';
import type { Module } from '../core/wasm/module.ts';

/** Undefined for an analysis that a budget ended: whoever gets it could not rely on what is missing. */
export const analysisBytes = (analysis: Analysis): Uint8Array | undefined =>
  analysis.partial === undefined ? serialize(packAnalysis(analysis)) : undefined;

/** The way back. `module` is the module of that analysis. @throws Error when the bytes are not those of an analysis */
export const analysisFrom = (bytes: Uint8Array, module: Module): Analysis =>
  unpackAnalysis(deserialize(bytes) as PackedAnalysis, module.exports);
