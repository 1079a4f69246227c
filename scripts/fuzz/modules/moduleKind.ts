/** Fuzzing of everything that reads a module: decoder, analysis, validity, printer, text. */
import { loadSeeds } from '../../../core/analysis/testing/mutation/seeds.ts';
import type { FuzzKind } from '../kind.ts';
import { randomModule } from './generate.ts';
import { judgeModule } from './judge.ts';
import { mutatedModule } from './mutate.ts';
import { smallerModules } from './smaller.ts';

/** Generated modules with every proposal, and mutants of them and of the fixtures. */
export const moduleKind: FuzzKind = {
  id: 'module',
  extension: 'wasm',
  isGuided: true,
  seeds: async () => (await loadSeeds()).map(({ bytes }) => bytes),
  generate: async (next) => randomModule(next),
  mutate: mutatedModule,
  check: judgeModule,
  smaller: smallerModules,
};
