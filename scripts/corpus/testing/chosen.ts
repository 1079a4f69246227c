/** Which modules of the corpus a suite takes, and what it does where they cannot be fetched. */
import { before, type TestContext } from 'node:test';
import { CorpusError, type CorpusModule, corpus, ensureCorpus } from '../fetch.ts';

const all = process.env.WASM_HAZARDS_CORPUS === 'all';

/** For titles. */
export const choice = all ? 'all' : 'small';

/** Modules that a suite takes by default; all with `WASM_HAZARDS_CORPUS=all`. */
export const chooseModules = (isDefault: (name: string) => boolean): CorpusModule[] =>
  corpus.filter(({ name }) => all || isDefault(name));

/** Fetches modules before the suite that it is called in; the answer skips a test where that failed, and says whether. */
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
