/** Which rule an effect of an export falls under, given that it conflicts with something. `mixed-atomics` is decided by what it conflicts with: hazards.ts. */
import { EVERYTHING } from '../conflicts.ts';
import { REF_FUNC } from '../effectTable.ts';
import type { Effect } from '../model.ts';
import type { RuleId } from './metadata.ts';

export function ruleOf({ cell, access }: Effect): RuleId | undefined {
  if (cell.name === EVERYTHING) return 'unknown-code';
  const writes = access === 'write' || access === 'atomic-write';
  switch (cell.kind) {
    case 'memory.grow':
      return writes ? 'memory-grow' : 'memory-read';
    case 'stack-pointer':
      return writes ? 'stack-pointer' : undefined;
    case 'global':
      return writes ? 'global-write' : 'global-read';
    case 'memory':
      // An atomic access conflicts with nothing but a plain one, which is the one to change.
      if (access === 'atomic-read' || access === 'atomic-write') return undefined;
      if (cell.address?.base === 'stack') return writes ? 'stack-pointer' : undefined;
      if (!writes) return 'memory-read';
      return cell.address?.base === 'static' ? 'static-memory-write' : 'memory-write';
    case 'table':
    case 'table.grow':
      return writes ? 'table-write' : 'table-read';
    case 'segment':
      return 'segment-drop';
    case 'host':
      if (cell.index === -1) return 'unknown-code';
      return cell.index === REF_FUNC ? 'ref-func' : writes ? 'host-call' : undefined;
  }
}
