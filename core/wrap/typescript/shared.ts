/** TypeScript, Node.js: state that all callers share. */
import { atomicPairs } from '../../analysis/atomicPairs.ts';
import { type Effect, isWrite } from '../../analysis/cells.ts';
import { effectsOf, partnersOf } from '../../analysis/queries.ts';
import { analysisUnder } from '../../analysis/reuse.ts';
import { nameInComment } from '../../harmless/code.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { threadsText } from './threads.ts';

/** Exports named in a sentence. */
const MAX_NAMED = 8;

/**
 * Source of a module with the class `Shared`. Instances over one shared memory with a lock where the module imports
 * such a memory, otherwise one instance with a queue of callers.
 */
export function tsShared(input: WrapInput): string {
  const { surface, moduleFile } = input;
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
  const { free, atomic } = withoutLock(input);
  return threadsText(
    input,
    'locked',
    `Instances of ${moduleFile} in worker threads of Node.js over one shared memory, with a lock made of Atomics.`,
    [
      free.length > 0
        ? `These exports may be called without the lock, through useUnlocked: ${named(free)}. The analysis found no conflicts for them; several calls in a row are still not atomic.`
        : 'As far as the analysis can tell, every export shares memory with other calls. It does not recognise locks: unless the module has one of its own, all of its exports need this lock.',
      ...(atomic.length > 0
        ? [
            `These exports meet other calls in atomic accesses only, which does not make whole calls atomic: ${named(atomic)}. Call them through useUnlocked if a stress test shows that they need no lock, or if one of them waits for another call, which would wait forever under the lock.`,
          ]
        : []),
      'Globals and tables are private to a thread. A module with a stack in memory needs a separate stack for each instance: set its stack pointer before the first call.',
    ],
  );
}

function named(exports: readonly WrapExport[]): string {
  const names = exports.slice(0, MAX_NAMED).map(({ name }) => nameInComment(name));
  const more = exports.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Each instance has this state to itself, and what it says about the shared memory may be wrong for the others. */
const isPrivateWrite = (effect: Effect): boolean =>
  isWrite(effect) && (effect.cell.kind === 'global' || effect.cell.kind.startsWith('table'));

/**
 * Exports that keep no state of their instance and conflict with none, themselves included, over the shared memory,
 * whatever the model of the analysis is; those that meet others in atomic accesses apart.
 */
function withoutLock({ analysis, surface }: WrapInput): Record<'free' | 'atomic', WrapExport[]> {
  const shared = analysisUnder(analysis, 'shared-memory');
  const meetInAtomics = atomicPairs(shared);
  const keepsState = (position: number): boolean =>
    effectsOf(analysis, analysis.exports[position].func).some((id) => isPrivateWrite(analysis.effects[id]));
  const independent = surface.exports.filter(
    ({ position }) => partnersOf(shared, position).length === 0 && !keepsState(position),
  );
  const isAtomic = ({ position }: WrapExport): boolean =>
    surface.exports.some((other) => meetInAtomics(position, other.position));
  return { free: independent.filter((one) => !isAtomic(one)), atomic: independent.filter(isAtomic) };
}
