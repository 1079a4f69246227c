/** Rust: a whole file, from its comment to its last item. */

import type { Module } from '../../wasm/module.ts';
import { FUNCREF, isRef, type ValType } from '../../wasm/types.ts';
import { header } from '../header.ts';
import type { Surface, WrapExport } from '../surface.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { Kit } from './kit.ts';
import { useLines } from './useLines.ts';

/** The release that generated code is tested with: a long-term one, and the newest that Rust 1.95 compiles. */
const WASMTIME = '48.0.8';
/** The oldest compiler that this release accepts. */
const RUST = '1.95';

/** The comment at the top, the `use` lines, the items. `title`: what the file is, a sentence. */
export function rustFile(
  input: WrapInput,
  surface: Surface,
  title: string,
  advice: readonly string[],
  items: readonly string[],
): string {
  const body = items.join('\n');
  return `${header(input, title, [...advice, ...dependencies(input, surface)]).join('\n')}

// Names and types are those of the module, and not everybody needs all of them.
#![allow(
    dead_code,
    clippy::should_implement_trait,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::wrong_self_convention
)]

${useLines(body)}

${body}`;
}

function dependencies({ module, asynchronous }: WrapInput, { wasi }: Surface): string[] {
  const features = ['cranelift', 'parallel-compilation', 'pooling-allocator', 'runtime', 'std', 'threads'];
  if (asynchronous) features.push('async');
  if (needsCollector(module)) features.push('gc', 'gc-drc');
  const major = WASMTIME.replace(/\..*/, '');
  return [
    `Wasmtime ${WASMTIME} or a later release of ${major}, a long-term one, and Rust ${RUST} or later: cargo add wasmtime@${WASMTIME} --no-default-features --features ${features.sort().join(',')}`,
    ...(wasi
      ? [`The module imports WASI: cargo add wasmtime-wasi@${WASMTIME} --no-default-features --features p1`]
      : []),
  ];
}

/** Whether the module has values that Wasmtime keeps in a collected heap: external references, objects, exceptions. */
function needsCollector({ types, tables, globals, tags }: Module): boolean {
  const collected = (type: ValType): boolean => isRef(type) && type !== FUNCREF;
  return (
    tags.length > 0 ||
    tables.some(({ type }) => collected(type)) ||
    globals.some(({ type }) => collected(type)) ||
    types.some(
      ({ composite }) => composite.kind !== 'func' || [...composite.params, ...composite.results].some(collected),
    )
  );
}

/** \`protocolAdvice\` in the terms of the Rust templates. `names`: the method of each export. */
export const rustProtocolAdvice = ({ input, memory }: Kit, names: ReadonlyMap<WrapExport, string>): string[] =>
  protocolAdvice(input, {
    nameOf: (one) => names.get(one) ?? '',
    memory: memory ? { write: 'write_memory', read: 'read_memory' } : undefined,
    hold: 'run',
  });

/**
 * Which imported state instances share and which each has of its own, as sentences; empty if the module imports none.
 */
export function stateAdvice({ commonMemory, privateState }: Surface): string[] {
  const lines: string[] = [];
  if (commonMemory)
    lines.push(
      'The module imports a shared memory, and all instances work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race. A call that fails can leave locks in that memory held.',
    );
  if (privateState) lines.push('The module imports memory, tables or mutable globals: each instance has its own.');
  return lines;
}

/** What tasks of an asynchronous runtime have to know. */
export const ASYNC_ADVICE =
  'Calls are async, and independent of the runtime: a call yields to other tasks every 10 ms, and dropping its future, as a timeout does, ends it. Without --async, wasm-hazards writes the same for threads.';
