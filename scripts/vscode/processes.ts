/** Child processes: runs programs, finds them on the PATH, and ends those that were started here. */

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether to show the output immediately; otherwise it is kept for the error message. */
  readonly show?: boolean;
  readonly shell?: boolean;
}

/**
 * Runs a command to its end and returns its output.
 * @throws with the last part of the output if the command fails
 */
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

/** Absolute path of the first of these commands that is on the PATH; undefined if none is. */
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
 * Ends a child that was started with `detached: true`, and all of its descendants: first with SIGTERM, then by force.
 * On POSIX systems such a child leads its own process group, so nothing else is affected.
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

/** Ends a child process and waits until it has exited. */
export async function endChild(child: ChildProcess, graceMilliseconds = 5000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
  await gone;
  clearTimeout(force);
}
