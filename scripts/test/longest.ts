/**
 * Test files that take longest, most seconds of processor time first. The run starts with them: started last, they
 * would run alone at the end.
 */
export const LONGEST: readonly string[] = [
  'node/stress/wazeroHammer.test.ts',
  'core/stress/explore/wazero.test.ts',
  'scripts/corpus/stressed.test.ts',
  'cli/src/stress/hammer.test.ts',
  'node/stress/runHammer.test.ts',
  'node/stress/hammerEnds.test.ts',
  'node/stress/hammerPrograms.test.ts',
  'core/advice/advice.test.ts',
  'core/advice/adviceProperties.test.ts',
];
