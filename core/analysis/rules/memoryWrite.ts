/** An export writes memory at an address that comes from its caller or that the analysis does not know. */
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-write`. */
export const memoryWrite: AccessRule = {
  id: 'memory-write',
  group: 'memory',
  defaultSeverity: 'warning',
  title: 'Writes memory at an address of the caller',
  summary: 'An export writes memory at an address that comes from its caller or that the analysis does not know.',
  phrase: ['writes memory at an address of the caller', 'write memory at an address of the caller'],
  models: ['shared-instance', 'shared-memory'],
  matches: (effect) => {
    const { kind, address } = effect.cell;
    if (kind !== 'memory' || address?.base === 'static' || address?.base === 'stack') return false;
    return isWrite(effect) && !isAtomic(effect);
  },
  outcome: {
    can: ({ effect: { cell }, meetsOnlyGrowth }) => {
      if (meetsOnlyGrowth) return 'use the memory while it moves';
      return cell.address?.base === 'parameter'
        ? 'overwrite each other where the buffers overlap'
        : 'overwrite each other where the addresses meet';
    },
  },
};
