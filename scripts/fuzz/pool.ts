/** Inputs of one kind in a reproducible order: input `index` of a seed depends on the pool that it finds. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../core/testing/random.ts';
import { ROOT } from '../paths.ts';
import type { FuzzKind } from './kind.ts';

/** Inputs that failed once, or that reach code which others do not: a file each, in the repository. */
const CORPUS = join(import.meta.dirname, 'corpus');

/** What earlier long runs on this machine have found worth keeping. */
export const keptFolder = (kind: FuzzKind): string => join(ROOT, '.cache/fuzz/corpus', kind.id);

/** Files of a folder in order; none if there is no such folder. */
const filesIn = (folder: string): Uint8Array[] =>
  globSync('*', { cwd: folder })
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));

/** The corpus of a kind in the repository: each of these is checked as it is, then mutated. */
export const corpusOf = (kind: FuzzKind): Uint8Array[] => filesIn(join(CORPUS, kind.id));

/** Everything to mutate; with `isLong` also what earlier runs kept. */
export async function poolOf(kind: FuzzKind, isLong: boolean): Promise<Uint8Array[]> {
  return [...corpusOf(kind), ...(await kind.seeds()), ...(isLong ? filesIn(keptFolder(kind)) : [])];
}

/** One in three inputs is generated where a kind can; the others are one to three mutations away from the pool. */
export async function inputNumber(
  kind: FuzzKind,
  pool: readonly Uint8Array[],
  seed: number,
  index: number,
): Promise<Uint8Array> {
  const next = random(Math.imul(seed, 0x9e3779b1) + index);
  if (kind.generate !== undefined && next(3) === 0) return kind.generate(next);
  let input = pool[next(pool.length)];
  for (let times = 1 + next(next(4) + 1); times > 0; times--) input = kind.mutate(input, next);
  return input;
}
