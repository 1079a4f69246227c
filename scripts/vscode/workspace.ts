/** Scratch workspaces: tests may write to them without changing the fixtures. */

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { TEST_FIXTURES } from '../paths.ts';

/** A scratch workspace. */
export interface Scratch {
  /** Copy of the folder, under the folder's own name. */
  readonly folder: string;
  /** Empty directory for everything else that VS Code writes. */
  readonly data: string;
  remove(): Promise<void>;
}

/** Copies a folder to a scratch workspace; an empty one if `source` does not exist. */
export async function scratchWorkspace(source: string = TEST_FIXTURES): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'wasm-hazards-'));
  const folder = join(root, basename(source));
  const data = join(root, 'data');
  if (existsSync(source)) await cp(source, folder, { recursive: true });
  else await mkdir(folder);
  await mkdir(data);
  return { folder, data, remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) };
}
