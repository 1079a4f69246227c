/**
 * What an instance needs that works on a memory which another one has already initialised, as generated code does it: a
 * stack, and the calls that the recogniser of a module's life gives for a thread.
 */
import { lifeOf } from '../analysis/life/life.ts';
import type { Analysis } from '../analysis/model.ts';
import { sourceName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { hasSignature } from './signature.ts';

/** An argument: an integer, or an address that an earlier call returned, rounded up to a multiple of `align`. */
export type ThreadArgument = number | { result: string; align: number };

/** A call in each instance after the first. */
export interface ThreadCall {
  name: string;
  args: readonly ThreadArgument[];
  /** Name for its result, where a later call takes it. */
  as: string | undefined;
}

/** The calls, in order; none for a module whose instances share no memory. */
export function threadCalls(module: Module, analysis: Analysis): ThreadCall[] {
  return lifeOf(module, analysis).steps.flatMap(({ call, args, as, per }) =>
    per === 'thread' ? [{ name: call, args: args.map(argumentOf), as }] : [],
  );
}

/** `$block`, or `($block + 63) & 4294967232`, as the recogniser writes them. */
function argumentOf(value: number | string): ThreadArgument {
  if (typeof value === 'number') return value;
  const [, plain, rounded, less] = /^(?:\$(\w+)|\(\$(\w+) \+ (\d+)\) & \d+)$/.exec(value) ?? [];
  if (plain !== undefined) return { result: plain, align: 1 };
  if (rounded === undefined) throw new Error(`the life of a thread has an argument that is not known: ${value}`);
  return { result: rounded, align: Number(less) + 1 };
}

/** How the host sets the stack pointer of an instance: a global, or an export that takes its new value. */
export type StackHandle = { exported: string } | { module: string; name: string } | { setter: string };

/** Exports that set the stack pointer to their argument. */
const SETTERS = ['stackRestore', '_emscripten_stack_restore', '__set_stack_pointer'];

/**
 * What the host has to set so that instances over one memory have stacks of their own; undefined
 * where the module sets it, where it has none, and where no host can.
 */
export function stackHandle(module: Module, analysis: Analysis): StackHandle | undefined {
  const { stackPointer, sharing } = analysis;
  if (stackPointer < 0 || module.globals[stackPointer]?.mutable !== true) return undefined;
  // What sets it may be a setter, which somebody has to call, or one of the calls that a thread makes anyway.
  if (sharing.ownStacks && threadCalls(module, analysis).length > 0) return undefined;
  const isPointer = (one: { kind: string; index: number }): boolean =>
    one.kind === 'global' && one.index === stackPointer;
  const imported = module.imports.find(isPointer);
  if (imported !== undefined) return { module: imported.module, name: imported.name };
  const exported = module.exports.find(isPointer);
  if (exported !== undefined) return { exported: exported.name };
  const setter = stackSetter(module);
  return setter === undefined ? undefined : { setter };
}

/** How a host gives an instance a stack: through a call of a setter, or an exported global. */
export type GivenStack = { global: string } | { call: string };

/** How, where the module leaves it to the host; a setter goes before the global. `pointer`: global of the stack pointer. */
export function stackGiver(module: Module, pointer: number): GivenStack | undefined {
  if (pointer < 0) return undefined;
  const setter = stackSetter(module);
  if (setter !== undefined) return { call: setter };
  const global = module.exports.find(({ kind, index }) => kind === 'global' && index === pointer);
  return global !== undefined && module.globals[pointer].mutable ? { global: global.name } : undefined;
}

/** The export that sets the stack pointer to its argument. */
const stackSetter = (module: Module): string | undefined =>
  module.exports.find(
    (one) => one.kind === 'func' && SETTERS.includes(sourceName(one)) && hasSignature(module, one.index, 'i32', ''),
  )?.name;
