/**
 * `npm run fuzz -- --minutes N`: random inputs for everything that reads what others wrote, guided by coverage, until the
 * time is over. What fails is made smaller and written to `.cache/fuzz/failures`, with the command that repeats it; then the
 * exit code is 1. `npm test` runs a few inputs of each kind (`fuzz/fuzz.test.ts`).
 *
 *   --minutes N    for all kinds together; 10 unless given
 *   --only KIND    one kind, or several separated by commas
 *   --seed S       other inputs; without it the seed is taken from the clock, and printed
 *   --input FILE   checks this input only; needs --only
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { main, Problem } from './failure.ts';
import type { FuzzKindId } from './fuzz/kind.ts';
import { KINDS } from './fuzz/kinds.ts';
import { watched } from './fuzz/watch.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string' },
    seed: { type: 'string' },
    input: { type: 'string' },
  },
});

function wantedKinds(): FuzzKindId[] {
  const ids = options.only?.split(',') ?? Object.keys(KINDS);
  const unknown = ids.find((id) => !Object.hasOwn(KINDS, id));
  if (unknown !== undefined) throw new Problem(`no kind ${unknown}; there are ${Object.keys(KINDS).join(', ')}`);
  return ids as FuzzKindId[];
}

/** Exit code: 1 if the input fails. */
async function checkOne(ids: readonly FuzzKindId[], file: string): Promise<number> {
  if (ids.length !== 1) throw new Problem('--input needs --only with one kind');
  const kind = KINDS[ids[0]];
  const problem = await kind.check(new Uint8Array(readFileSync(file)));
  await kind.dispose?.();
  console.log(problem ?? `${file}: nothing is wrong`);
  return problem === undefined ? 0 : 1;
}

await main(async () => {
  const ids = wantedKinds();
  if (options.input !== undefined) return checkOne(ids, options.input);
  const minutes = Number(options.minutes);
  const seed = Number(options.seed ?? Date.now() % 1_000_000);
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Problem('--minutes and --seed need a number');
  let failures = 0;
  for (const id of ids) {
    const result = await watched(KINDS[id], seed, (minutes * 60_000) / ids.length, (line) => console.log(line));
    failures += result.failures;
    console.log(
      `${id}: ${result.inputs} inputs, ${result.failures} failures, ${result.reached} pieces of code reached (seed ${seed})`,
    );
  }
  return failures > 0 ? 1 : 0;
});
