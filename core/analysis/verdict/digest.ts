/**
 * What lists and verdicts ask of every analysis first, made where the analysis is made: in a module with thousands of
 * exports it takes a while, in which the thread that answers an editor must not stand still.
 */
import type { Module } from '../../wasm/module.ts';
import { useLife } from '../life/life.ts';
import type { Analysis } from '../model.ts';
import { plumbingOf, usePlumbing } from '../plumbing.ts';
import { type ModuleBasis, moduleBasis, useModuleBasis } from './moduleBasis.ts';

/** Plain data, which can be passed between threads. */
export interface AnalysisDigest {
  basis: ModuleBasis;
  plumbing: ReadonlySet<number>;
}

/** Never throws on a decoded module. */
export const digestOf = (module: Module, analysis: Analysis): AnalysisDigest => ({
  basis: moduleBasis(module, analysis),
  plumbing: plumbingOf(module, analysis),
});

/** From now on the questions about `analysis` are answered by `digest`, which was made of an equal one. */
export function useDigest(module: Module, analysis: Analysis, { basis, plumbing }: AnalysisDigest): void {
  useLife(module, analysis, basis.life);
  useModuleBasis(analysis, basis);
  usePlumbing(analysis, plumbing);
}
