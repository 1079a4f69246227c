/**
 * Limits of the memories and of the tables of all instances of a run together. Bookkeeping is not included: of memories
 * 19 bytes a line of 64, and a tag for each line of an instance's first memory; of tables what is changed.
 */

import { onOneInstance } from '../../analysis/conflicts.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';

/** Most bytes of all memories of a run. */
export const MAX_TOTAL_BYTES = 2 ** 31;

/** Most slots of all tables of a run: V8 needs some 25 bytes for each. */
const MAX_TOTAL_SLOTS = 10_000_000;

const KIB = 1024;

/** Why the instances are too large from the start, and what to do, in a sentence; undefined when they fit. */
export function tooLarge(module: Module, model: SharingModel, callers: number): string | undefined {
  const instances = onOneInstance(model) ? 1 : callers;
  let own = 0;
  let common = 0;
  for (const { limits, imported } of module.memories) {
    const bytes = Number(limits.min) * 2 ** (limits.pageSizeLog2 ?? 16);
    if (model === 'shared-memory' && limits.shared && imported) common += bytes;
    else own += bytes;
  }
  if (common + own * instances <= MAX_TOTAL_BYTES) return undefined;
  const sizes = [
    ...(common > 0 ? [t('{0} shared', sizeText(common))] : []),
    ...(own > 0 ? [instances === 1 ? sizeText(own) : t('{0} in each of {1} instances', sizeText(own), instances)] : []),
  ].join(t(' and '));
  // Fewer than two callers would not be concurrent.
  const fitting = own > 0 ? Math.floor((MAX_TOTAL_BYTES - common) / own) : 0;
  const advice =
    instances > 1 && fitting >= 2
      ? t('use at most {0} callers, or the sharing model shared-instance, which has one instance', fitting)
      : common + own <= MAX_TOTAL_BYTES
        ? t('use the sharing model shared-instance, which has one instance')
        : t('build the module with a smaller memory');
  return t(
    'its memories start with {0}, and a run is limited to {1} in total: {2}',
    sizes,
    sizeText(MAX_TOTAL_BYTES),
    advice,
  );
}

/** Why the tables of the instances have too many slots from the start, and what to do; undefined when they fit. */
export function tooManySlots(module: Module, model: SharingModel, callers: number): string | undefined {
  const instances = onOneInstance(model) ? 1 : callers;
  const own = slotsOf(module);
  if (own * instances <= MAX_TOTAL_SLOTS) return undefined;
  const count = (slots: number): string => slots.toLocaleString('en-GB');
  const sizes =
    instances === 1 ? t('{0} slots', count(own)) : t('{0} slots in each of {1} instances', count(own), instances);
  const fitting = Math.floor(MAX_TOTAL_SLOTS / own);
  const advice =
    instances > 1 && fitting >= 2
      ? t('use at most {0} callers, or the sharing model shared-instance, which has one instance', fitting)
      : own <= MAX_TOTAL_SLOTS
        ? t('use the sharing model shared-instance, which has one instance')
        : t('build the module with smaller tables');
  return t(
    'its tables start with {0}, and a run is limited to {1} in total: {2}',
    sizes,
    count(MAX_TOTAL_SLOTS),
    advice,
  );
}

const slotsOf = ({ tables }: Module): number => tables.reduce((sum, { limits }) => sum + Number(limits.min), 0);

/** What a memory or table has now, and the most that it declares: bytes or slots. */
interface Growable {
  now: number;
  max: number;
}

/**
 * Bytes that each memory may grow to: the rest of the limit is divided among those that can grow. Independent of what
 * happens in a run, so that every execution of a schedule is the same.
 */
export function growthLimits(memories: readonly Growable[]): number[] {
  return divided(memories, MAX_TOTAL_BYTES - memories.reduce((sum, { now }) => sum + now, 0));
}

/** Slots that each table which code changes may grow to, in the same way; the module's other tables do not grow. */
export function tableGrowthLimits(module: Module, instances: number, tables: readonly Growable[]): number[] {
  return divided(tables, MAX_TOTAL_SLOTS - slotsOf(module) * instances);
}

function divided(items: readonly Growable[], rest: number): number[] {
  let left = Math.max(0, rest);
  const limits = items.map(({ now }) => now);
  // Those with a small maximum get it; the others share the rest.
  const growing = items
    .map(({ now, max }, i) => ({ i, wanted: max - now }))
    .filter(({ wanted }) => wanted > 0)
    .sort((a, b) => a.wanted - b.wanted);
  growing.forEach(({ i, wanted }, rank) => {
    const share = Math.max(0, Math.min(wanted, Math.floor(left / (growing.length - rank))));
    limits[i] += share;
    left -= share;
  });
  return limits;
}

function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', KIB ** 3],
    ['MiB', KIB ** 2],
  ] as const)
    if (bytes >= size) return `${Number((bytes / size).toFixed(1))} ${unit}`;
  return `${Math.ceil(bytes / KIB)} KiB`;
}
