/**
 * Equality and subtyping of function types as an indirect call checks them: types are equal if their recursion groups
 * are, wherever these are in the type section.
 * Source: WebAssembly specification, section "Matching" of validation (defined types, subtyping).
 */
import type { Module } from '../wasm/module.ts';
import { CONCRETE, heapOf, isNullable, isRef, REF, type ValType } from '../wasm/types.ts';

/** Canonical number of each type index: types are equal if and only if their numbers are. */
export function canonicalTypes(module: Module): Uint32Array {
  const canonical = new Uint32Array(module.types.length);
  const known = new Map<string, number>();
  let next = 0;
  for (let i = 0; i < module.types.length; ) {
    const { group, groupSize } = module.types[i];
    const size = Math.max(1, Math.min(group === i ? groupSize : 1, module.types.length - i));
    const key = groupKey(module, canonical, i, size);
    let first = known.get(key);
    if (first === undefined) {
      first = next;
      next += size;
      known.set(key, first);
    }
    for (let k = 0; k < size; k++) canonical[i + k] = first + k;
    i += size;
  }
  return canonical;
}

/** A recursion group as text, with references inside it by position and others by canonical number. */
function groupKey(module: Module, canonical: Uint32Array, start: number, size: number): string {
  const index = (i: number) => (i >= start && i < start + size ? `r${i - start}` : `c${canonical[i]}`);
  const type = (t: ValType): string => {
    if (!isRef(t) || heapOf(t) < CONCRETE) return String(t);
    return `${REF}${isNullable(t) ? 'n' : ''}${index(heapOf(t) - CONCRETE)}`;
  };
  const parts: string[] = [];
  for (let i = start; i < start + size; i++) {
    const { composite, supers, final } = module.types[i];
    const body =
      composite.kind === 'func'
        ? `(${composite.params.map(type)}>${composite.results.map(type)})`
        : (composite.kind === 'struct' ? composite.fields : [composite.field])
            .map((f) => `${type(f.type)}${f.mutable}`)
            .join();
    parts.push(`${composite.kind}${final}${supers.map(index)}${body}`);
  }
  return parts.join(';');
}

/** Whether type `sub` may be called as type `wanted`: itself or one of its declared supertypes. */
export function isSubtype(module: Module, canonical: Uint32Array, sub: number, wanted: number): boolean {
  for (
    let type: number | undefined = sub, steps = 0;
    type !== undefined && steps < 64;
    type = module.types[type]?.supers[0], steps++
  ) {
    if (canonical[type] === canonical[wanted]) return true;
  }
  return false;
}
