/**
 * `node core/stress/testing/oracle/search.ts [PROGRAMS] [SEED]`: looks for random programs on which engine and oracle
 * differ, prints the first few with their seed, and how often each kind of difference was met. 100,000 take a few
 * minutes.
 */
import { compare } from './compare.ts';
import { programOfSeed, watOf } from './program.ts';

const PRINTED = 5;

const programs = Number(process.argv[2] ?? 100_000);
const firstSeed = Number(process.argv[3] ?? 1);
const kinds = new Map<string, number>();
let compared = 0;
let differing = 0;
for (let seed = firstSeed; compared < programs; seed++) {
  const program = programOfSeed(seed);
  const found = (await compare(program))?.differences;
  if (found === undefined) continue;
  compared++;
  if (found.length === 0) continue;
  for (const one of found) {
    const kind = one.replace(/\d+/g, 'N');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (++differing <= PRINTED) console.log(`seed ${seed}: ${found.join('; ')}\n${watOf(program)}`);
}
for (const [kind, times] of kinds) console.log(`${times} x ${kind}`);
console.log(`${compared} programs, ${differing} with differences`);
