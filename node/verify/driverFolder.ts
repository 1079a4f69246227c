/** A folder for builds and runs, and the processes in it: both are gone when it is closed, or when the process ends. */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Signals whose default action ends the process without any cleaning up. */
const SIGNALS = ['SIGTERM', 'SIGHUP'] as const;

/** A temporary folder, with the processes that work in it. */
export class DriverFolder {
  readonly folder: string;
  private readonly running = new Set<ChildProcess>();
  private readonly onExit = (): void => this.close();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };

  /** @throws Error when no folder can be made */
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-verify-'));
    process.once('exit', this.onExit);
    for (const signal of SIGNALS) process.once(signal, this.onSignal);
  }

  /** A folder in it. */
  inner(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** A new folder in it, whose name begins like that. */
  unique(name: string): string {
    return mkdtempSync(join(this.folder, `${name}-`));
  }

  /** Starts a program in a process group of its own, so that it can be ended with all that it starts. */
  start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(program, args, { ...options, detached: process.platform !== 'win32', windowsHide: true });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    child.once('error', () => this.running.delete(child));
    return child;
  }

  /** Ends all processes and removes the folder. Can be called again. */
  close(): void {
    process.off('exit', this.onExit);
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    for (const child of this.running) endProcessGroup(child);
    this.running.clear();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Ends a process with all that it started. */
export function endProcessGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // It has just ended, or has no group.
  }
}
