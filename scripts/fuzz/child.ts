/**
 * The process that fuzzes one kind: `child.ts KIND SEED MILLISECONDS`. What it is checking is in a file, so that whoever
 * started it has the input if the check never ends, or takes the process down.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFailure } from './failures.ts';
import type { FuzzKindId } from './kind.ts';
import { KINDS } from './kinds.ts';
import { fuzz, type LoopResult } from './loop.ts';
import { keptFolder } from './pool.ts';

/** What the process sends: that it lives, a failure, and what it did. */
export type FromChild =
  | { kind: 'alive'; inputs: number }
  | { kind: 'failed'; text: string }
  | { kind: 'done'; result: LoopResult };

const [id, seed, milliseconds, current] = process.argv.slice(2);
const kind = KINDS[id as FuzzKindId];
const end = performance.now() + Number(milliseconds);
const kept = keptFolder(kind);
mkdirSync(kept, { recursive: true });

const send = (message: FromChild): void => void process.send?.(message);

let told = 0;
const result = await fuzz(kind, {
  seed: Number(seed),
  isLong: true,
  isOver(done) {
    const now = performance.now();
    if (now - told > 1000) {
      told = now;
      send({ kind: 'alive', inputs: done });
    }
    return now > end;
  },
  checking: (input) => writeFileSync(current, input),
  kept: (input) =>
    writeFileSync(
      join(kept, `${createHash('sha256').update(input).digest('hex').slice(0, 16)}.${kind.extension}`),
      input,
    ),
  failed: (input, problem) => send({ kind: 'failed', text: writeFailure(kind, input, problem) }),
});
send({ kind: 'done', result });
process.disconnect();
