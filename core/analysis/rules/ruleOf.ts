/** Which rule an effect of an export falls under, given that it conflicts with something. `mixed-atomics` is decided by what it conflicts with: hazards.ts. */
import { type Effect, isAtomic, isWrite } from '../cells.ts';

import type { RuleId } from './metadata.ts';

export function ruleOf(effect: Effect): RuleId | undefined {
  const { cell } = effect;
  const writes = isWrite(effect);
  switch (cell.kind) {
    case 'memory.grow':
      return writes ? 'memory-grow' : 'memory-read';
    case 'stack-pointer':
      return writes ? 'stack-pointer' : undefined;
    case 'global':
    case 'heap':
      return writes ? 'global-write' : 'global-read';
    case 'memory':
      // An atomic access conflicts with nothing but a plain one, which is the one to change.
      if (isAtomic(effect)) return undefined;
      if (cell.address?.base === 'stack') return writes ? 'stack-pointer' : undefined;
      if (!writes) return 'memory-read';
      return cell.address?.base === 'static' ? 'static-memory-write' : 'memory-write';
    case 'table':
    case 'table.grow':
      return writes ? 'table-write' : 'table-read';
    case 'segment':
      return 'segment-drop';
    case 'host':
      return writes ? 'host-call' : undefined;
    case 'ref.func':
      return 'ref-func';
    case 'host-unknown':
    case 'anything':
      return 'unknown-code';
  }
}
