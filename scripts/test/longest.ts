/**
 * The test files that take the most processor time, in descending order. A run starts with them: a long file that
 * starts last would run alone at the end.
 */
export const LONGEST: readonly string[] = [
  'core/wrap/rust/rust.hosts.test.ts',
  'scripts/corpus/goWrappers.hosts.test.ts',
  'node/verify/truth.hosts.test.ts',
  'node/stress/wazeroHammer.test.ts',
  'core/stress/explore/wazero.test.ts',
  'core/stress/testing/oracle/oracle.test.ts',
  'core/stress/testing/record/pointers.test.ts',
  'core/analysis/locks/randomLocks.test.ts',
  'scripts/corpus/stressed.test.ts',
  'scripts/corpus/scenarios.test.ts',
  'cli/src/stress/hammer.test.ts',
  'node/stress/runHammer.test.ts',
  'node/stress/hammerEnds.test.ts',
  'node/stress/hammerPrograms.test.ts',
  'core/advice/advice.test.ts',
  'core/advice/adviceProperties.test.ts',
  'core/wrap/go/hammer.test.ts',
];
