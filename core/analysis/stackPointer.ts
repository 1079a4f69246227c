/**
 * The shadow stack pointer: the mutable global through which compiled code keeps C-like frames in linear memory.
 * Recognised by name if it has one, else by its discipline: functions lower and restore it more often than any other
 * global.
 */
import type { Module } from '../wasm/module.ts';
import { I32, I64 } from '../wasm/types.ts';

const NAME = /(^|[^a-z])__stack_pointer$/;

/** The shadow stack pointer of a module and how it was recognised. */
export interface StackPointer {
  /** Global index, or -1. */
  global: number;
  by: 'name' | 'prologue' | undefined;
}

/** Finds the shadow stack pointer. `discipline[g]` is the number of functions that lower and restore global `g`. */
export function findStackPointer(module: Module, discipline: Uint32Array): StackPointer {
  const candidate = (index: number): boolean => {
    const global = module.globals[index];
    return global?.mutable === true && (global.type === I32 || global.type === I64);
  };
  for (const [index, name] of module.names.globals)
    if (NAME.test(name) && candidate(index)) return { global: index, by: 'name' };
  for (const item of [...module.exports, ...module.imports]) {
    if (item.kind === 'global' && NAME.test(item.name) && candidate(item.index))
      return { global: item.index, by: 'name' };
  }
  let best = -1;
  for (let i = 0; i < discipline.length; i++) {
    if (discipline[i] > 0 && candidate(i) && (best < 0 || discipline[i] > discipline[best])) best = i;
  }
  return { global: best, by: best < 0 ? undefined : 'prologue' };
}
