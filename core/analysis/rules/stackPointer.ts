/** An export moves the shadow stack pointer or writes to a frame; an instance has only one such stack. */
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `stack-pointer`. */
export const stackPointer: AccessRule = {
  id: 'stack-pointer',
  group: 'stack',
  defaultSeverity: 'warning',
  title: 'Uses the one shadow stack',
  summary: 'An export uses the shadow stack, of which an instance has only one.',
  phrase: ['uses the one shadow stack', 'use the one shadow stack'],
  models: ['shared-instance', 'shared-memory'],
  matches: (effect) => {
    const { kind, address } = effect.cell;
    if (kind === 'stack-pointer') return isWrite(effect);
    return kind === 'memory' && address?.base === 'stack' && isWrite(effect) && !isAtomic(effect);
  },
  outcome: {
    can: ({ effect: { cell }, meetsOnlyGrowth }) => {
      if (cell.kind !== 'memory') return 'work on overlapping stack frames';
      return meetsOnlyGrowth ? 'use the memory while it moves' : "overwrite each other's stack frames";
    },
  },
};
