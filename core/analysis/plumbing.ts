/** Which exports of a module lists fold away, because a toolchain or an allocator has them and no reader looks for them. */
import { sourceName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { allocatorKind } from './allocatorNames.ts';
import { isExtent, isWrite } from './cells.ts';
import { lifeOf } from './life/life.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';
import { allocatorState } from './verdict/allocatorState.ts';
import { isToolchain } from './verdict/toolchainExports.ts';

/** Parts of garbage collectors and allocators that hand out no block: AssemblyScript's runtime, the canonical ABI, TinyGo. */
const COLLECTOR = /^(?:__(?:pin|unpin|collect|visit|visit_members|retain|release)|cabi_post_.+|canonical_abi_\w+)$/;

/** Effects of one export that are looked at. */
const MAX_EFFECTS = 64;

const NONE: ReadonlySet<number> = new Set();

const known = new WeakMap<Analysis, ReadonlySet<number>>();

/**
 * Positions in `Analysis.exports` of the exports that a toolchain made for its runtime or its bindings, that start an
 * instance, or that allocate and free memory for the embedder. Empty where nothing else is exported, and in a module
 * that is an allocator. A list folds them into one line; a verdict counts them like any other export. Computed once for
 * each analysis; never throws.
 */
export function plumbingOf(module: Module, analysis: Analysis): ReadonlySet<number> {
  const found = known.get(analysis) ?? find(module, analysis);
  known.set(analysis, found);
  return found;
}

/** Makes `plumbingOf` answer with what was found in another thread. */
export function usePlumbing(analysis: Analysis, positions: ReadonlySet<number>): void {
  known.set(analysis, positions);
}

function find(module: Module, analysis: Analysis): ReadonlySet<number> {
  const { exports } = analysis;
  const life = lifeOf(module, analysis).exports;
  const runtime = new Set<number>();
  for (const [position, one] of exports.entries()) if (life.has(one.name) || isToolchain(one)) runtime.add(position);
  const blocks = blocksOf(module, analysis, runtime);
  const api = exports.length - runtime.size - blocks.size;
  if (blocks.size > 0 && (api === 0 || isAboutBlocks(module, analysis, new Set([...runtime, ...blocks])))) {
    blocks.clear();
    if (runtime.size === exports.length) return NONE;
    return runtime;
  }
  return api === 0 ? NONE : new Set([...runtime, ...blocks]);
}

/** The exports that allocate and free. A `free` that is alone, or takes something else, frees no block of theirs. */
function blocksOf(module: Module, analysis: Analysis, runtime: ReadonlySet<number>): Set<number> {
  const { allocate, free } = allocatorState(module, analysis);
  const found = new Set(allocate < 0 || free < 0 ? [] : [allocate, free]);
  for (const [position, one] of analysis.exports.entries())
    if (isOfBlocks(module, sourceName(one), one.func)) found.add(position);
  for (const position of runtime) found.delete(position);
  return found;
}

function isOfBlocks(module: Module, name: string, func: number): boolean {
  if (COLLECTOR.test(name)) return true;
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' && allocatorKind(name, type.params.length) !== undefined;
}

/** Whether the other exports tell of the allocator and of nothing else: then it is what the module is for. */
function isAboutBlocks(module: Module, analysis: Analysis, folded: ReadonlySet<number>): boolean {
  const { owns } = allocatorState(module, analysis);
  let some = false;
  for (const [position, { func }] of analysis.exports.entries()) {
    if (folded.has(position)) continue;
    const ids = effectsOf(analysis, func);
    if (ids.length > MAX_EFFECTS) return false;
    for (const id of ids) {
      const effect = analysis.effects[id];
      if (isExtent(effect.cell) && !isWrite(effect)) continue;
      if (!owns(effect)) return false;
      some = true;
    }
  }
  return some;
}
