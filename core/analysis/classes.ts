/** Class and growth class of an export, from the effects that its function reaches. */
import type { Module } from '../wasm/module.ts';
import { intersects, setBit } from './bits.ts';
import { type Effect, isAtomic, isHostCell, isWrite } from './cells.ts';
import { type Sharing, sharesReferences, touchesHostState } from './conflicts.ts';
import { mayGrowMemory } from './hostImports.ts';
import type { ExportClass, GrowthClass } from './model.ts';
import { hostCanGrowMemory } from './rules/growableMemory.ts';

/** Whether the effect is growth of a memory: in an export's own body it is the first growth class. */
export const grows = (e: Effect): boolean =>
  e.cell.kind === 'anything' || (e.cell.kind === 'memory.grow' && isWrite(e));

/** Classes by the strongest effect; the order is the order of strength. */
const STRENGTHS: readonly [ExportClass, (e: Effect) => boolean][] = [
  ['grows', (e) => e.cell.kind === 'anything' || (e.cell.kind === 'memory.grow' && e.access === 'write')],
  // `ref.func` changes a list that some runtimes keep for each instance, which calls conflict on like on its own state.
  ['stateful', (e) => (!isHostCell(e.cell) || e.cell.kind === 'ref.func') && e.access === 'write'],
  ['host-dependent', (e) => isHostCell(e.cell) && e.access === 'write'],
  ['synchronised', isAtomic],
  ['reads-only', (e) => !isHostCell(e.cell)],
];

/**
 * Classifies exports by the effects that they reach. Each question is one bitset, computed once per module. The list of
 * references that `ref.func` changes, and state of the host, decide a class only where callers have them in common.
 */
export function createClassifier(module: Module, effects: readonly Effect[], words: number, sharing: Sharing) {
  const refFunc = sharesReferences(sharing);
  const counts = ({ cell }: Effect): boolean =>
    cell.kind === 'ref.func' ? refFunc : cell.kind !== 'host' || touchesHostState(cell, sharing);
  const setOf = (test: (e: Effect) => boolean): Uint32Array => {
    const set = new Uint32Array(words);
    effects.forEach((e, id) => {
      if (test(e)) setBit(set, 0, id);
    });
    return set;
  };
  // What reads host state conflicts with what changes it.
  const hostChanges = effects.some((e) => counts(e) && isHostCell(e.cell) && e.access === 'write');
  const strengths = STRENGTHS.map(([name, test]) => ({
    name,
    set: setOf((e) => counts(e) && (test(e) || (name === 'host-dependent' && hostChanges && isHostCell(e.cell)))),
  }));
  const growing = setOf(grows);
  const importedFunctions = module.imports.filter((i) => i.kind === 'func');
  const hostGrows = setOf(
    ({ cell, access }) =>
      isHostCell(cell) &&
      access === 'write' &&
      (cell.index === undefined || mayGrowMemory(module, importedFunctions[cell.index])),
  );
  const canGrow = module.memories.some((_, index) => hostCanGrowMemory(module, index));
  return {
    /** Class of an export that reaches `reached`. */
    classOf: (reached: Uint32Array): ExportClass =>
      strengths.find(({ set }) => intersects(set, reached))?.name ?? 'pure',
    /** Growth through calls; effects reached by direct calls alone, and at all. */
    growthOf(direct: Uint32Array, reached: Uint32Array): GrowthClass {
      if (intersects(growing, direct)) return 'call-path';
      if (intersects(growing, reached)) return 'indirect-call';
      return canGrow && intersects(hostGrows, reached) ? 'host-import' : 'none';
    },
  };
}
