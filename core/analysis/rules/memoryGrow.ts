/** An export grows a memory that is not shared, which endangers concurrent uses of the memory. */
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-grow`. */
export const memoryGrow: AccessRule = {
  id: 'memory-grow',
  group: 'growth',
  defaultSeverity: 'error',
  title: 'Grows an unshared memory',
  summary: 'An export reaches `memory.grow` of a memory that is not shared.',
  phrase: ['grows an unshared memory', 'grow an unshared memory'],
  models: ['shared-instance'],
  matches: (effect) => effect.cell.kind === 'memory.grow' && isWrite(effect),
  outcome: {
    // The host profile says how growth endangers the others.
    sentence: ({ profile }, { names, place }) => `${profile.growText} No call of ${names} is safe beside it${place}.`,
  },
};
