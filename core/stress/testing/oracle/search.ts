/**
 * `npm run oracle -- [PROGRAMS] [SEED]`: compares engine and oracle on random programs, 100,000 of them unless told
 * otherwise, from a seed on that is printed. Prints the first programs on which they differ with their seeds, and how
 * often each kind of difference was met; then the exit code is 1. 100,000 take about ten minutes.
 */
import { compare } from './compare.ts';
import { programOfSeed } from './generate.ts';
import { watOf } from './text.ts';

const PRINTED = 5;
/** Programs between two lines that say how far it is. */
const PROGRESS = 10_000;

const programs = Number(process.argv[2] ?? 100_000);
const firstSeed = Number(process.argv[3] ?? 1);
const kinds = new Map<string, number>();
let compared = 0;
let differing = 0;
console.log(`${programs} programs from seed ${firstSeed}`);
for (let seed = firstSeed; compared < programs; seed++) {
  const program = programOfSeed(seed);
  const found = (await compare(program))?.differences;
  if (found === undefined) continue;
  if (++compared % PROGRESS === 0) console.log(`${compared} compared, up to seed ${seed}`);
  if (found.length === 0) continue;
  for (const one of found) {
    const kind = one.replace(/\d+/g, 'N');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (++differing <= PRINTED) console.log(`seed ${seed}: ${found.join('; ')}\n${watOf(program)}`);
}
for (const [kind, times] of kinds) console.log(`${times} x ${kind}`);
console.log(`${compared} programs from seed ${firstSeed}, ${differing} with differences`);
if (differing > 0) process.exitCode = 1;
