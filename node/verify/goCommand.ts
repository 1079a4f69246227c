/** Runs the go command. */
import type { DriverFolder } from './driverFolder.ts';
import { endProcessGroup } from './driverFolder.ts';

/** How a command ended. `missing`: there is no such program. */
export interface GoAnswer {
  ok: boolean;
  missing: boolean;
  stopped: boolean;
  stdout: string;
  stderr: string;
}

/** Where and how a command runs. */
export interface GoOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  seconds: number;
  signal?: AbortSignal;
}

/** Most characters that are kept of each stream. */
const MAX_TEXT = 1 << 20;

/** Runs `go` with these arguments. Never rejects. */
export function goCommand(
  scratch: DriverFolder,
  args: readonly string[],
  { cwd, env, seconds, signal }: GoOptions,
): Promise<GoAnswer> {
  return new Promise((resolve) => {
    const answer: GoAnswer = { ok: false, missing: false, stopped: false, stdout: '', stderr: '' };
    const child = scratch.start('go', args, {
      cwd,
      // Its temporary files are gone with the folder, however it ends.
      env: { ...process.env, GOTMPDIR: scratch.inner('tmp'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = (): void => {
      answer.stopped = true;
      endProcessGroup(child);
    };
    const timer = setTimeout(stop, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(answer);
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (answer.stdout.length < MAX_TEXT) answer.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (answer.stderr.length < MAX_TEXT) answer.stderr += text;
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      answer.missing = error.code === 'ENOENT';
      answer.stderr += error.message;
      end();
    });
    child.once('close', (code) => {
      answer.ok = code === 0 && !answer.stopped;
      end();
    });
  });
}
