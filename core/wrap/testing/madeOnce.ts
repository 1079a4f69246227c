/** What several test files need and one of them makes: they run in processes of their own, at the same time. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Milliseconds between two looks at a lock. */
const PAUSE = 200;

/** Runs `make` while no other process does so under the same path; its folder is made. Waits for others without a limit. */
export function alone<T>(path: string, make: () => T): T {
  const lock = `${path}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  while (!acquired(lock)) {
    if (isLeftBehind(lock)) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
  try {
    return make();
  } finally {
    rmSync(lock, { force: true });
  }
}

function acquired(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that made the lock has ended without removing it. */
function isLeftBehind(lock: string): boolean {
  if (!existsSync(lock)) return false;
  let holder: string;
  try {
    holder = readFileSync(lock, 'utf8');
  } catch {
    return false; // It was removed meanwhile.
  }
  // Between making the file and writing into it there is no number.
  if (holder === '') return false;
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
