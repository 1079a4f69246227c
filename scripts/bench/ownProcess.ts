/** Parts of the benchmarks that are measured in a process of their own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineFlags } from '../../node/stress/isolated/engineFlags.ts';
import type { Parts } from './partChild.ts';

const run = promisify(execFile);

const CHILD = join(import.meta.dirname, 'partChild.ts');

/**
 * The result of a part for an input; both are JSON. The engine has the flags of runs.
 * @throws with what the process wrote to its error output if it fails
 */
export async function inOwnProcess<Part extends keyof Parts>(
  part: Part,
  input: Parameters<Parts[Part]>[0],
): Promise<Awaited<ReturnType<Parts[Part]>>> {
  const { stdout } = await run(process.execPath, [...engineFlags(), CHILD, part, JSON.stringify(input)]);
  return JSON.parse(stdout) as Awaited<ReturnType<Parts[Part]>>;
}
