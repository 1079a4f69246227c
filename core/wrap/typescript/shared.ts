/** TypeScript, Node.js: state that all callers share. */
import { nameInComment } from '../quoting.ts';
import type { WrapInput } from '../wrapInput.ts';
import { threadsText } from './threads.ts';

/** Exports named as safe without the lock. */
const MAX_NAMED = 8;

/**
 * Source of a module with the class `Shared`. Instances over one shared memory with a lock where the module imports
 * such a memory, otherwise one instance with a queue of callers.
 */
export function tsShared(input: WrapInput): string {
  const { surface, moduleFile, analysis } = input;
  if (!surface.commonMemory) {
    return threadsText(
      input,
      'serial',
      `One instance of ${moduleFile} in a worker thread of Node.js, with a queue of callers.`,
      [
        'JavaScript cannot share an instance between threads: threads can only share a memory that is shared and imported, and this module imports none. So one thread makes all calls, one protocol at a time.',
      ],
    );
  }
  const free = surface.exports.filter(({ position }) => analysis.exports[position].conflictCount === 0);
  const named = free.slice(0, MAX_NAMED).map(({ name }) => nameInComment(name));
  const more = free.length > named.length ? ` and ${free.length - named.length} more` : '';
  return threadsText(
    input,
    'locked',
    `Instances of ${moduleFile} in worker threads of Node.js over one shared memory, with a lock made of Atomics.`,
    [
      free.length > 0
        ? `These exports may be called without the lock, through useUnlocked: ${named.join(', ')}${more}. The analysis found no conflicts for them; several calls in a row are still not atomic.`
        : 'Every export conflicts with another call. The analysis does not recognise locks: unless the module has one of its own, all of its exports need this lock.',
      'Globals and tables are private to a thread. A module with a stack in memory needs a separate stack for each instance: set its stack pointer before the first call.',
    ],
  );
}
