/** Makes inputs of one kind, checks them, and tells what failed; stops by a number of inputs or when it is told to. */
import { Coverage } from './coverage.ts';
import { type FuzzKind, stackOf } from './kind.ts';
import { minimised, sortOf } from './minimise.ts';
import { corpusOf, inputNumber, poolOf } from './pool.ts';

/** Most seeds that a guided run adds, and the largest one in bytes. */
const MOST_SEEDS = 4000;
const LARGEST_SEED = 64 * 1024;
/** Failures of different sorts after which a run ends: the first ones are worth looking at. */
const MOST_FAILURES = 10;

/** How a loop goes on, and whom it tells. */
export interface LoopOptions {
  seed: number;
  /** Whether coverage guides, and what earlier runs kept is used. */
  isLong: boolean;
  /** Asked before each input; `done` inputs were checked. */
  isOver(done: number): boolean;
  /** Before each check: what is being checked, should it never end. */
  checking?(input: Uint8Array): void;
  /** An input that reached something new. */
  kept?(input: Uint8Array): void;
  /** A failure of a new sort, as small as it could be made. */
  failed(input: Uint8Array, problem: string): void;
}

/** What a loop did. */
export interface LoopResult {
  inputs: number;
  failures: number;
  /** Pieces of code reached, with how often; 0 without coverage. */
  reached: number;
}

/** Checks the corpus, then ever new inputs. */
export async function fuzz(kind: FuzzKind, options: LoopOptions): Promise<LoopResult> {
  const pool = await poolOf(kind, options.isLong);
  const corpus = corpusOf(kind);
  const coverage =
    options.isLong && kind.isGuided
      ? new Coverage((url) => !url.includes('node_modules') && /\/(?:core|server|node)\//.test(url))
      : undefined;
  const sorts = new Set<string>();
  let inputs = 0;
  let grown = 0;
  while (sorts.size < MOST_FAILURES && !options.isOver(inputs)) {
    const input = corpus[inputs] ?? (await inputNumber(kind, pool, options.seed, inputs));
    inputs++;
    options.checking?.(input);
    const problem = await checked(kind, input);
    if (problem !== undefined && !sorts.has(sortOf(problem))) {
      sorts.add(sortOf(problem));
      const least = await minimised({ ...kind, check: (one) => checked(kind, one) }, input, problem);
      options.failed(least.input, least.problem);
    }
    if (coverage?.take() && problem === undefined && grown < MOST_SEEDS && input.length <= LARGEST_SEED) {
      grown++;
      pool.push(input);
      options.kept?.(input);
    }
  }
  coverage?.stop();
  await kind.dispose?.();
  return { inputs, failures: sorts.size, reached: coverage?.size ?? 0 };
}

/** A check that throws is a problem, too. */
const checked = (kind: FuzzKind, input: Uint8Array): Promise<string | undefined> =>
  kind.check(input).catch((error) => `the check throws ${stackOf(error)}`);
