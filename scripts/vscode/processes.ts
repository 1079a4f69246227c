/** Child processes: run one to its end, find one on the PATH, end one that we started. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output as it comes; otherwise it is kept for the error message. */
  readonly show?: boolean;
  readonly shell?: boolean;
}

/** Runs a command to its end and returns its output. Throws with the end of that output when it fails. */
export function run(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      shell: options.shell,
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}\n${output.slice(-4000)}`));
    });
  });
}

/** Absolute path of the first of these commands that is on the PATH. */
export function findOnPath(...names: string[]): string | undefined {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const name of names) {
    for (const directory of (process.env.PATH ?? '').split(delimiter)) {
      for (const suffix of suffixes) {
        const candidate = join(directory, name + suffix);
        try {
          accessSync(candidate, constants.X_OK);
          return candidate;
        } catch {
          // not here
        }
      }
    }
  }
  return undefined;
}

/**
 * Ends a child started with `detached: true`, with all that it started: politely, then by force. On POSIX systems such a
 * child leads a process group of its own, so nothing else can be hit.
 */
export async function endGroup(child: ChildProcess, graceMilliseconds = 5000): Promise<void> {
  if (child.pid === undefined) return;
  const pid = child.pid;
  if (process.platform === 'win32') {
    await run('taskkill', ['/pid', String(pid), '/T', '/F']).catch(() => undefined);
    return;
  }
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, name);
    } catch {
      return false; // the group is empty
    }
  };
  signal('SIGTERM');
  const deadline = Date.now() + graceMilliseconds;
  while (signal(0) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  signal('SIGKILL');
}

/** Ends one child of ours and waits until it is gone. */
export async function endChild(child: ChildProcess, graceMilliseconds = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
  await gone;
  clearTimeout(force);
}
