/**
 * When two accesses conflict: both can touch a cell that callers share under the sharing model, at least one of them
 * writes, and at least one is not atomic.
 */

import type { HostProfile, SharingModel } from '../hosts/profile.ts';
import { bitsOf, setBit, uniteInto, wordsFor } from './bits.ts';
import { type Cell, type Effect, isAtomic, isHostCell, isWrite, stateKind } from './cells.ts';
import { ALWAYS, type EffectConflict, encounterOf, isFresh } from './conditions/addresses.ts';
import { isSharedState } from './hostImports.ts';
import { guardOf } from './locks/guarded.ts';
import type { Analysis, Confidence, MemorySharing, ModuleSharing } from './model.ts';

/**
 * The model of a host's embedders for a module, unless they say otherwise. Where calls are known to be suspended, and the
 * host can do that on one instance, it is the cooperative one.
 */
function usualModel(profile: HostProfile, { memories, asyncify, suspendingNamed }: ModuleSharing): SharingModel {
  const common = hasCommonMemory(memories);
  const suspends = asyncify || suspendingNamed;
  return suspends && !common && profile.models.includes('cooperative') ? 'cooperative' : profile.defaultModel(common);
}

/**
 * The model that is analysed and run where `model` is asked for. A host that keeps all calls of an instance on one thread
 * has no other way to share one than the cooperative model.
 */
export function modelOn(profile: HostProfile, sharing: ModuleSharing, model: SharingModel | 'auto'): SharingModel {
  if (model === 'auto') return usualModel(profile, sharing);
  const oneThread =
    profile.stance['shared-instance'].status === 'unavailable' && profile.models.includes('cooperative');
  return model === 'shared-instance' && oneThread ? 'cooperative' : model;
}

/** What decides which cells callers share: the sharing model, the host profile, and the facts of the module. */
export interface Sharing {
  model: SharingModel;
  profile: HostProfile;
  module: ModuleSharing;
}

/** Whether instances can have a memory in common; this decides the default sharing model. */
export const hasCommonMemory = (memories: readonly MemorySharing[]): boolean => memories.some((m) => m.common);

/** Whether all callers call one instance. */
export const onOneInstance = (model: SharingModel): boolean => model === 'shared-instance' || model === 'cooperative';

/** Whether callers share the list of the references that `ref.func` made: each instance has its own. */
export const sharesReferences = ({ profile, model }: Sharing): boolean =>
  profile.hostHazards['ref-func'] !== undefined && model === 'shared-instance';

/** Whether callers share the cell at all under the model. */
function isCommon(cell: Cell, sharing: Sharing): boolean {
  const { model, module, profile } = sharing;
  if (cell.kind === 'ref.func') return sharesReferences(sharing);
  if (isHostCell(cell) || cell.kind === 'anything' || onOneInstance(model)) return true;
  // Objects are reached through globals that instances may have in common.
  const item = cell.kind === 'heap' ? 'global' : stateKind(cell);
  if (item === 'memory' && model === 'shared-memory') {
    if (cell.index === undefined ? hasCommonMemory(module.memories) : module.memories[cell.index].common) return true;
  }
  if (item === undefined || !profile.importsShared) return false;
  // Instances that import an item from the same other instance share it.
  return cell.index === undefined ? module.imported[item].includes(true) : module.imported[item][cell.index] === true;
}

/** How sure it is that two effects conflict; undefined when they do not. */
export const conflictOfEffects = (a: Effect, b: Effect, sharing: Sharing): Confidence | undefined =>
  effectsMeet(a, b, sharing)?.confidence;

/**
 * How sure it is that two effects conflict, and under which condition; undefined when they do not. A condition is about
 * the arguments of two calls whose functions have these effects.
 */
export function effectsMeet(a: Effect, b: Effect, sharing: Sharing): EffectConflict | undefined {
  const found = conflictWithoutLocks(a, b, sharing);
  const guard = found === undefined ? undefined : guardOf(a, b, sharing);
  if (found === undefined || guard === undefined) return found;
  // A lock that other code may write is one only if that code does not.
  return guard.proven ? undefined : { ...found, confidence: 'possible' };
}

/** The same if no lock worked. */
export function conflictWithoutLocks(left: Effect, right: Effect, sharing: Sharing): EffectConflict | undefined {
  const [a, b] = [withOwnBlocks(left, sharing), withOwnBlocks(right, sharing)];
  if (!isWrite(a) && !isWrite(b)) return meetsUnwound(a.cell, b.cell, sharing) ? ALWAYS.definite : undefined;
  if (!isCommon(a.cell, sharing) || !isCommon(b.cell, sharing)) return undefined;
  // On one thread a single access is whole anyway: what goes wrong takes several, atomic or not.
  if (isAtomic(a) && isAtomic(b) && sharing.model !== 'cooperative') return mixedWidths(a, b, sharing);
  if (a.cell.kind === 'anything' || b.cell.kind === 'anything') {
    // Code that could not be read may call the host, too; isolated callers share nothing else with it.
    const others = [a, b].filter(({ cell }) => cell.kind !== 'anything');
    if (sharing.model === 'isolated' && others.some(({ cell }) => !isHostCell(cell))) return undefined;
    return ALWAYS.possible;
  }
  if (isHostCell(a.cell) && isHostCell(b.cell)) return hostConflict(a.cell, b.cell, sharing);
  if (a.cell.kind !== b.cell.kind) return extentConflict(a, b, sharing) ?? extentConflict(b, a, sharing);
  if (a.cell.segment !== b.cell.segment || isFresh(a.cell.address) || isFresh(b.cell.address)) return undefined;
  const known = a.cell.index !== undefined && b.cell.index !== undefined;
  if (a.cell.index !== b.cell.index && known) return mayBeOne(a.cell, b.cell, sharing) ? ALWAYS.possible : undefined;
  if (a.cell.kind === 'memory' || a.cell.kind === 'table') return overlap(a.cell, b.cell, sharing);
  return known ? ALWAYS.definite : ALWAYS.possible;
}

/** An access of a block that the call allocated, where instances may give out the same ones: anywhere. */
function withOwnBlocks(effect: Effect, { model, module }: Sharing): Effect {
  if (model !== 'shared-memory' || module.ownBlocks || !isFresh(effect.cell.address)) return effect;
  return { ...effect, cell: { ...effect.cell, address: { base: 'unknown' } } };
}

/**
 * Imports from the same module may touch the same state of the host; the state of `ref.func` is separate from all of
 * it.
 */
function hostConflict(a: Cell, b: Cell, sharing: Sharing): EffectConflict | undefined {
  if (a.kind === 'ref.func' || b.kind === 'ref.func') return a.kind === b.kind ? ALWAYS.possible : undefined;
  if (!touchesHostState(a, sharing) || !touchesHostState(b, sharing)) return undefined;
  if (a.index === undefined || b.index === undefined) return ALWAYS.possible;
  const { hostStates } = sharing.module;
  return hostStates[a.index].state === hostStates[b.index].state ? ALWAYS.possible : undefined;
}

/** Whether calls of an import, or of unknown code, touch state of the host on which they could race. */
export const touchesHostState = ({ kind, index }: Cell, { module, profile }: Sharing): boolean =>
  kind !== 'host' || index === undefined || isSharedState(module.hostStates[index], profile);

/**
 * Atomic accesses of different widths that overlap are not atomic to each other. Accesses of one width are equal or apart,
 * for atomic instructions trap at addresses that are not aligned.
 */
function mixedWidths(a: Effect, b: Effect, sharing: Sharing): EffectConflict | undefined {
  if (a.widths === undefined || b.widths === undefined) return undefined;
  if (isFresh(a.cell.address) || isFresh(b.cell.address)) return undefined;
  const oneWidth = (a.widths & (a.widths - 1)) === 0;
  if (oneWidth && a.widths === b.widths) return undefined;
  if (a.cell.index === undefined || b.cell.index === undefined) return ALWAYS.possible;
  if (a.cell.index !== b.cell.index) return mayBeOne(a.cell, b.cell, sharing) ? ALWAYS.possible : undefined;
  return overlap(a.cell, b.cell, sharing);
}

/** Whether two imported memories, or two imported tables, may be one: a host may pass the same object under both names. */
function mayBeOne(a: Cell, b: Cell, { module: { imported, memories } }: Sharing): boolean {
  const item = stateKind(a);
  if (a.index === undefined || b.index === undefined || item !== stateKind(b)) return false;
  if (item === 'memory' && memories[a.index].shared !== memories[b.index].shared) return false;
  return (item === 'memory' || item === 'table') && imported[item][a.index] && imported[item][b.index];
}

/** Code that asks for the state of Asyncify must not run while another call is unwound, though only the host writes it. */
const meetsUnwound = (a: Cell, b: Cell, { model, module }: Sharing): boolean =>
  model === 'cooperative' &&
  module.asyncifyState >= 0 &&
  [a, b].every(({ kind, index }) => kind === 'global' && index === module.asyncifyState);

/** `grower` changes base or length, `other` uses them. Only non-atomic growth moves the memory. */
function extentConflict(grower: Effect, other: Effect, sharing: Sharing): EffectConflict | undefined {
  if (grower.access !== 'write') return undefined;
  const memory = grower.cell.kind === 'memory.grow' && other.cell.kind === 'memory';
  const table = grower.cell.kind === 'table.grow' && other.cell.kind === 'table';
  if (!memory && !table) return undefined;
  if (memory && !sharing.profile.growMovesMemory) return undefined;
  if (grower.cell.index === undefined || other.cell.index === undefined) return ALWAYS.possible;
  if (grower.cell.index === other.cell.index) return ALWAYS.definite;
  return mayBeOne(grower.cell, other.cell, sharing) ? ALWAYS.possible : undefined;
}

/** Two accesses of one memory or table. */
const overlap = (a: Cell, b: Cell, { model, module }: Sharing): EffectConflict | undefined =>
  encounterOf(
    a.address,
    b.address,
    // Instances start with the same stack pointer; only the module's own thread initialiser is known to move it.
    { apart: module.framesApart, own: model === 'shared-memory' && module.ownStacks },
    a.kind === 'table',
  );

/**
 * Confidence of what is not reached by direct calls alone. If the module calls unknown code, it may be reachable only
 * through such calls.
 */
export const indirectConfidence = ({ graph }: Pick<Analysis, 'graph'>): Confidence =>
  graph.virtual.some((v) => v.kind === 'host-unknown') ? 'possible' : 'likely';

/** Rows of effects, see `conflictMasks`. */
export interface ConflictMasks {
  mask: Uint32Array;
  always: Uint32Array;
}

/** `mask`, row of effect `e`: the effects that conflict with it; `always`: those that do so whatever the arguments are. */
export function conflictMasks(effects: readonly Effect[], sharing: Sharing): ConflictMasks {
  const words = wordsFor(effects.length);
  const mask = new Uint32Array(effects.length * words);
  const always = new Uint32Array(effects.length * words);
  const shapes = shapesOf(effects, sharing, words);
  const compare = (a: Shape, b: Shape): void => {
    // Where two static places are decides.
    if (a.space !== undefined && a.space === b.space) return;
    const found = effectsMeet(effects[a.sample], effects[b.sample], sharing);
    if (found === undefined) return;
    const depends = found.condition !== 'always';
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      uniteInto(one.mask, other.members);
      if (!depends) uniteInto(one.always, other.members);
    }
  };
  // Only effects on the same state can conflict: compare within buckets, not all with all.
  const buckets = new Map<string, Shape[]>();
  const wild: Shape[] = [];
  for (const shape of shapes) {
    const { cell } = effects[shape.sample];
    if (isAnyOfKind(cell)) {
      wild.push(shape);
      continue;
    }
    const item = stateKind(cell);
    const importable = item === 'memory' || item === 'table';
    const oneOf = importable && sharing.module.imported[item][cell.index ?? -1] ? 'imported' : cell.index;
    const state = cell.kind === 'host' ? '' : `${oneOf} ${cell.segment}`;
    const key = `${item ?? cell.kind} ${state}`;
    const bucket = buckets.get(key) ?? [];
    bucket.push(shape);
    buckets.set(key, bucket);
  }
  for (const bucket of buckets.values())
    for (let i = 0; i < bucket.length; i++) for (let k = i; k < bucket.length; k++) compare(bucket[i], bucket[k]);
  for (const a of wild) for (const b of shapes) compare(a, b);
  for (const shape of shapes)
    for (const e of bitsOf(shape.members)) {
      mask.set(shape.mask, e * words);
      always.set(shape.always, e * words);
    }
  for (const [a, b] of overlapping(effects, shapes)) {
    const found = effectsMeet(effects[a], effects[b], sharing);
    if (found === undefined) continue;
    setBit(mask, a * words, b);
    setBit(mask, b * words, a);
    if (found.condition !== 'always') continue;
    setBit(always, a * words, b);
    setBit(always, b * words, a);
  }
  return { mask, always };
}

/** Effects of which it does not matter for the masks which one it is, unless two are compared that are static. */
interface Shape {
  sample: number;
  members: Uint32Array;
  /** What conflicts with them, apart from effects in the same space. */
  mask: Uint32Array;
  always: Uint32Array;
  /** Of static addresses: the memory or table, and the global that they are relative to. */
  space: string | undefined;
}

function shapesOf(effects: readonly Effect[], sharing: Sharing, words: number): Shape[] {
  const shapes = new Map<string, Shape>();
  effects.forEach((effect, e) => {
    const { cell, access, widths, locks } = effect;
    const { kind, index, address, segment } = cell;
    const isStatic = address?.base === 'static';
    const space = isStatic ? `${kind} ${index} ${address.global}` : undefined;
    // Imports that share the same state are alike.
    const item =
      kind === 'host' && index !== undefined && touchesHostState(cell, sharing)
        ? `of ${sharing.module.hostStates[index].state}`
        : kind === 'host' && index !== undefined
          ? 'none'
          : index;
    const held = locks === undefined ? '' : JSON.stringify(locks);
    const key = `${kind} ${segment} ${access} ${widths} ${address?.base} ${space} ${held} ${item}`;
    let shape = shapes.get(key);
    if (shape === undefined) {
      const [members, mask, always] = [0, 1, 2].map(() => new Uint32Array(words));
      shape = { sample: e, members, mask, always, space };
      shapes.set(key, shape);
    }
    setBit(shape.members, 0, e);
  });
  return [...shapes.values()];
}

/** Pairs of static effects of one space whose ranges have a place in common, each effect with itself as well. */
function* overlapping(effects: readonly Effect[], shapes: readonly Shape[]): Generator<[number, number]> {
  const spaces = new Map<string, { id: number; start: number; end: number }[]>();
  for (const { space, members } of shapes) {
    if (space === undefined) continue;
    const ranges = spaces.get(space) ?? [];
    spaces.set(space, ranges);
    for (const id of bitsOf(members)) {
      const { address } = effects[id].cell;
      if (address?.base === 'static') ranges.push({ id, start: address.start, end: address.end });
    }
  }
  for (const ranges of spaces.values()) {
    ranges.sort((a, b) => a.start - b.start);
    for (let i = 0; i < ranges.length; i++)
      for (let k = i; k < ranges.length && (k === i || ranges[k].start < ranges[i].end); k++)
        yield [ranges[i].id, ranges[k].id];
  }
}

/** Whether the cell represents more than one item: it can conflict with cells of other indices, and of other kinds. */
const isAnyOfKind = ({ kind, index }: Cell): boolean => index === undefined && kind !== 'heap' && kind !== 'ref.func';
