/** TypeScript, Node.js: a pool of worker threads, an instance in each. */
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { threadsText } from './threads.ts';

/** Source of a module with the class `Pool`: worker threads, each with an instance, lent to one caller at a time. */
export function tsPool(input: WrapInput): string {
  const advice = input.surface.commonMemory
    ? [
        'The module imports a shared memory, and all instances of the pool work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race.',
      ]
    : [];
  return threadsText(
    input,
    'pool',
    `A pool of instances of ${input.moduleFile} in worker threads of Node.js: the module is compiled once, and each thread has an instance.`,
    [...poolStateAdvice(input), ...advice],
  );
}
