/** What the exports that conflict with an access do to its cell: a verb for each. */

import { bitsOf, hasBit } from './bits.ts';
import { type Cell, type Effect, isExtent, isWrite } from './cells.ts';
import type { Analysis } from './model.ts';

/** Past participles, the most telling first: what an export does is named by the first of them that holds. */
const RIVAL_VERBS = [
  'grown',
  'dropped',
  'written',
  'moved',
  'updated atomically',
  'waited on',
  'notified',
  'read',
  'read atomically',
  'copied',
  'called',
  'used',
] as const;
/** What a rival does to the cell: `written`, in `written by reset`. */
type RivalVerb = (typeof RIVAL_VERBS)[number];

/** An export that conflicts with an access, and what it does there. */
export interface Rival {
  /** Position in `Analysis.exports`. */
  position: number;
  verb: RivalVerb;
  /**
   * Whether it may do something else instead: its access is at an address that is not known or that arguments decide, or
   * in a function that it calls only if an indirect call leads there.
   */
  maybe: boolean;
}

const byEffect = new WeakMap<Analysis, Map<number, readonly Rival[]>>();

/**
 * The exports that conflict with effect `effect`, each with the most telling verb of what it does to the same cell; in
 * the order of the verbs, those that are certain first, then of the exports. None for -1. Cached, since many instructions have the same effect.
 */
export function rivalsOf(analysis: Analysis, effect: number): readonly Rival[] {
  if (effect < 0) return [];
  let known = byEffect.get(analysis);
  if (known === undefined) {
    known = new Map();
    byEffect.set(analysis, known);
  }
  let rivals = known.get(effect);
  if (rivals === undefined) {
    rivals = findRivals(analysis, effect);
    known.set(effect, rivals);
  }
  return rivals;
}

function findRivals({ words, conflictMask, effects, groups }: Analysis, effect: number): Rival[] {
  const hostile = conflictMask.subarray(effect * words, (effect + 1) * words);
  // Under the cooperative model, two calls meet only where one of them can be interrupted.
  const interruptible = groups.some(
    (group) => group.interruptible && (group.effects[effect >> 5] & (1 << (effect & 31))) !== 0,
  );
  const rivals: Rival[] = [];
  for (const group of groups) {
    if (!interruptible && !group.interruptible) continue;
    const met = bitsOf(group.effects.map((word, at) => word & hostile[at]));
    if (met.length === 0) continue;
    const verbs = met.map((other) => RIVAL_VERBS.indexOf(verbOf(effects[other], effects[effect].cell)));
    const rank = Math.min(...verbs);
    const maybe = !met.some(
      (other, i) => verbs[i] === rank && hasBit(group.direct, 0, other) && isPlain(effects[other].cell),
    );
    for (const position of group.exports) rivals.push({ position, verb: RIVAL_VERBS[rank], maybe });
  }
  return rivals.sort(
    (a, b) =>
      RIVAL_VERBS.indexOf(a.verb) - RIVAL_VERBS.indexOf(b.verb) ||
      Number(a.maybe) - Number(b.maybe) ||
      a.position - b.position,
  );
}

/** Whether an access of the cell touches it whatever the arguments are. */
const isPlain = ({ kind, address }: Cell): boolean =>
  kind !== 'anything' && (kind !== 'memory' || (address?.base === 'static' && address.loose !== true));

function verbOf(effect: Effect, site: Cell): RivalVerb {
  const { cell, access, widths, waits } = effect;
  const writes = isWrite(effect);
  if (isExtent(cell)) return writes ? 'grown' : 'used';
  // Whatever is done inside a memory uses its extent.
  if (isExtent(site)) return 'used';
  switch (cell.kind) {
    case 'segment':
      return writes ? 'dropped' : 'copied';
    case 'stack-pointer':
      return writes ? 'moved' : 'read';
    case 'host':
    case 'host-unknown':
    case 'ref.func':
      return 'called';
    case 'anything':
      return 'used';
    default:
      break;
  }
  if (waits) return 'waited on';
  // Of atomic accesses of a memory, only `memory.atomic.notify` touches no bytes.
  if (access === 'atomic-read') return cell.kind === 'memory' && widths === undefined ? 'notified' : 'read atomically';
  if (access === 'atomic-write') return 'updated atomically';
  return writes ? 'written' : 'read';
}
