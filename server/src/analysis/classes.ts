/** Class and growth class of an export, from the effects that its function reaches. */
import type { Module } from '../wasm/module.ts';
import { EVERYTHING } from './conflicts.ts';
import { REF_FUNC } from './effectTable.ts';
import { mayGrowMemory } from './hostImports.ts';
import type { Effect, ExportClass, GrowthClass } from './model.ts';

/** Class by the strongest effect; the order of the checks is the order of strength. */
export function classOf(effects: readonly Effect[]): ExportClass {
  const counted = effects.filter((e) => !(e.cell.kind === 'host' && e.cell.index === REF_FUNC));
  const has = (test: (e: Effect) => boolean): boolean => counted.some(test);
  if (has((e) => e.cell.name === EVERYTHING || (e.cell.kind === 'memory.grow' && e.access === 'write'))) return 'grows';
  if (has((e) => e.cell.kind !== 'host' && e.access === 'write')) return 'stateful';
  if (has((e) => e.cell.kind === 'host' && e.access === 'write')) return 'host-dependent';
  if (has((e) => e.access === 'atomic-write' || e.access === 'atomic-read')) return 'synchronised';
  return has((e) => e.cell.kind !== 'host') ? 'reads-only' : 'pure';
}

/** Whether the effect is growth of a memory: in an export's own body it is the first growth class. */
export const grows = (e: Effect): boolean =>
  e.cell.name === EVERYTHING ||
  (e.cell.kind === 'memory.grow' && (e.access === 'write' || e.access === 'atomic-write'));

/** Growth through calls; `direct`, `all`: effects reached by direct calls alone, and at all. */
export function growthOf(module: Module, direct: readonly Effect[], all: readonly Effect[]): GrowthClass {
  if (direct.some(grows)) return 'call-path';
  if (all.some(grows)) return 'indirect-call';
  const growing = (e: Effect): boolean => {
    if (e.cell.kind !== 'host' || e.access !== 'write' || e.cell.index === REF_FUNC) return false;
    if (e.cell.index < 0) return true;
    const imported = module.imports.find((i) => i.kind === 'func' && i.index === e.cell.index);
    return imported !== undefined && mayGrowMemory(imported);
  };
  return hostCanGrow(module) && all.some(growing) ? 'host-import' : 'none';
}

/** Whether the host can reach memory `index` and it may still grow: imported or exported, below its maximum. */
export function hostCanGrowMemory(module: Module, index: number): boolean {
  const { limits, imported } = module.memories[index];
  if (limits.max !== undefined && limits.max <= limits.min) return false;
  return imported || module.exports.some((e) => e.kind === 'memory' && e.index === index);
}

/** Whether the host can grow a memory of the module. */
const hostCanGrow = (module: Module): boolean => module.memories.some((_, i) => hostCanGrowMemory(module, i));
