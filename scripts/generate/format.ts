/** Generated files are formatted like all others, so that the formatter does not change them. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';

const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** `text` as the repository's formatter formats a file at `path`. */
export function formatted(path: string, text: string): string {
  const run = spawnSync(process.execPath, [BIOME, 'format', `--stdin-file-path=${path}`], {
    cwd: ROOT,
    input: text,
    encoding: 'utf8',
  });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`biome cannot format ${path}: ${run.stderr}`);
  return run.stdout;
}
