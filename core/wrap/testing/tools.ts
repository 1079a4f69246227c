/** Compilers that tests run where they are installed, and temporary folders to run them in. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** What is not checked and why, where one of `programs` cannot be started: the reason to skip its tests. */
export function missing(what: string, ...programs: string[]): string | undefined {
  const absent = programs.filter((program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error !== undefined);
  return absent.length > 0 ? `${what}: ${absent.join(' and ')} cannot be started on this machine` : undefined;
}

/** Output of a program, or an Error with all that it said. Takes no longer than `seconds`. */
export function ran(
  program: string,
  args: readonly string[],
  { cwd, env, seconds = 240 }: { cwd: string; env?: NodeJS.ProcessEnv; seconds?: number },
): string {
  const result = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 1 << 26,
  });
  if (result.status === 0) return result.stdout;
  const why = result.error?.message ?? `ended with ${result.status ?? result.signal}`;
  throw new Error(`${program} ${args.join(' ')} ${why}\n${result.stdout}${result.stderr}`.slice(0, 20_000));
}

/** A folder that is gone when the tests of the file have run. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-wrap-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
