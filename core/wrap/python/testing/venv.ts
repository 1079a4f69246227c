/** A virtual environment with the real wasmtime-py, for tests of generated code. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../testing/paths.ts';
import { alone } from '../../testing/madeOnce.ts';
import { missing } from '../../testing/tools.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const WHAT = 'the Python of generated wrappers';

/** Programs of the environment: the interpreter and the tools beside it. */
export interface Venv {
  python: string;
  tool(name: 'ruff' | 'mypy'): string;
}

/** The environment, made on first use in the cache of the checkout, or in one line why there is none. */
export function pythonVenv(): Venv | string {
  const absent = missing(WHAT, 'python3');
  if (absent !== undefined) return absent;
  return alone(join(ROOT, '.cache/hosts/python/venv'), made);
}

function made(): Venv | string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const folder = join(ROOT, '.cache/hosts/python', hash);
  const ready = join(folder, 'ready');
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const problem =
      failure('python3', ['-m', 'venv', folder]) ??
      failure(join(folder, 'bin/python'), [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'],
        ...['--require-hashes', '-r', REQUIREMENTS],
      ]);
    if (problem !== undefined) {
      rmSync(folder, { recursive: true, force: true });
      return `${WHAT}: ${problem}`;
    }
    // Made last, so that an interrupted installation is not taken for a whole one.
    mkdirSync(ready);
  }
  const tool = (name: string): string => join(folder, 'bin', name);
  return { python: tool('python'), tool };
}

/** The last line of what a program said, where it failed. */
function failure(program: string, args: readonly string[]): string | undefined {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 300_000 });
  if (status === 0) return undefined;
  const lines = `${stdout}\n${stderr}\n${error?.message ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  return lines.at(-1) ?? `${program} ended with ${status}`;
}
