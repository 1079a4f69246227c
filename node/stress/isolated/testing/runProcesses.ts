/** Help for tests of processes for runs: which there are. Only Linux says so without a program. */
import { readdirSync, readFileSync } from 'node:fs';
import { RUN_ARGUMENT } from '../runMessages.ts';

/** For the option `skip` of tests that look at processes. */
export const noProcessList = process.platform === 'linux' ? false : 'lists processes as Linux has them';

/** Ids of the processes for runs that `parent` has started and that still exist, or that exist at all if it is undefined. */
export const runProcessesOf = (parent?: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isRunProcess(pid, parent));

function isRunProcess(pid: number, parent: number | undefined): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(RUN_ARGUMENT)) return false;
    // `12 (name) S 3 ...`, and the name may contain anything.
    const [state, itsParent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state !== 'Z' && (parent === undefined || Number(itsParent) === parent);
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** Resolves once `holds`; whoever waits for longer than a test may take is stopped by the test's own limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
