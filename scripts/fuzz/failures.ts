/** Inputs that failed: smaller, in a file, with the command that repeats them. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../paths.ts';
import type { FuzzKind } from './kind.ts';

const FOLDER = join(ROOT, '.cache/fuzz/failures');

/** Writes an input and returns what to tell: the problem, the file, how to repeat it and how to keep it. */
export function writeFailure(kind: FuzzKind, input: Uint8Array, problem: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const name = `${kind.id}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}.${kind.extension}`;
  const file = join(FOLDER, name);
  writeFileSync(file, input);
  const path = relative(process.cwd(), file);
  return [
    `${kind.id}: ${problem}`,
    `  input: ${path} (${input.length} bytes)`,
    `  repeat: npm run fuzz -- --only ${kind.id} --input ${path}`,
    `  once it is mended, copy it to scripts/fuzz/corpus/${kind.id}`,
  ].join('\n');
}
