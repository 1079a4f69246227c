/** Which pairs of unordered operations damage the host itself. */
import type { HostHazardKind, HostProfile } from '../../hosts/profile.ts';
import type { RaceKind, RaceParty } from './result.ts';

/** Two operations of different callers that nothing orders; `shared`: on a memory that is declared as shared. */
export interface Encounter {
  kind: RaceKind | 'ref.func';
  a: Pick<RaceParty, 'op' | 'access'>;
  b: Pick<RaceParty, 'op' | 'access'>;
  shared: boolean;
}

/** The host hazard of a meeting on this host; undefined where it does the host no harm. */
export function hostHazardOf(meeting: Encounter, { hostHazards }: HostProfile): HostHazardKind | undefined {
  const kind = kindOf(meeting);
  return kind !== undefined && hostHazards[kind] !== undefined ? kind : undefined;
}

function kindOf({ kind, a, b, shared }: Encounter): HostHazardKind | undefined {
  switch (kind) {
    case 'memory.grow':
      // A shared memory never moves.
      return !shared && readsOnlySize(a, b) === undefined ? 'memory-growth' : undefined;
    case 'table.grow':
      return readsOnlySize(a, b) === undefined ? 'table-growth' : undefined;
    case 'segment':
      // Two drops write the same.
      return a.op !== b.op ? 'segment-drop' : undefined;
    case 'ref.func':
      return 'ref-func';
    default:
      return undefined;
  }
}

/** The one of two operations that only looks at a size: `memory.size`, and a growth that changes nothing. */
const readsOnlySize = (...parties: Encounter['a'][]): Encounter['a'] | undefined =>
  parties.find(({ op, access }) => op.endsWith('.size') || (op.endsWith('.grow') && !access.endsWith('write')));
