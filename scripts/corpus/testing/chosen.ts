/** Selects the modules of the corpus for a suite, and skips its tests if they cannot be fetched. */
import { before, type TestContext } from 'node:test';
import { CorpusError, type CorpusModule, corpus, ensureCorpus } from '../fetch.ts';

const all = process.env.WASM_HAZARDS_CORPUS === 'all';

/** Which modules are selected, for titles of suites. */
export const choice = all ? 'all' : 'small';

/** Modules that a suite takes by default; all with `WASM_HAZARDS_CORPUS=all`. */
export const chooseModules = (isDefault: (name: string) => boolean): CorpusModule[] =>
  corpus.filter(({ name }) => all || isDefault(name));

/**
 * Fetches modules before the suite in which it is called. The returned function skips a test and returns false if that
 * failed.
 */
export function fetched(chosen: readonly CorpusModule[]): (test: TestContext) => boolean {
  let unavailable: string | undefined;
  before(async () => {
    try {
      await ensureCorpus((module) => chosen.includes(module));
    } catch (error) {
      if (!(error instanceof CorpusError)) throw error;
      unavailable = error.message;
    }
  });
  return (test) => {
    if (unavailable !== undefined) test.skip(`real modules: ${unavailable}`);
    return unavailable !== undefined;
  };
}
