/** The head of a Rust file: comment, then what it uses. */

import { header } from '../header.ts';
import type { Surface, WrapExport } from '../surface.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { use } from './layout.ts';

/**
 * The comment at the top of a file and its `use` lines. `title`: what the file is, a sentence; `std`: whole `use` lines
 * of the standard library; `names`: what is used of the crate `wasmtime`.
 */
export function rustHead(
  input: WrapInput,
  title: string,
  advice: readonly string[],
  std: readonly string[],
  names: readonly string[],
): string {
  const wasi = input.surface.wasi ? 'use wasmtime_wasi::p1::{self, WasiP1Ctx};\n' : '';
  return `${header(input, title, [...advice, ...cargo(input.surface)]).join('\n')}

${std.join('\n')}${std.length > 0 ? '\n\n' : ''}${use('wasmtime', names)}
${wasi}`;
}

const cargo = ({ wasi }: Surface): string[] => [
  wasi
    ? 'Written for the crates wasmtime and wasmtime-wasi (feature p1), version 38.0.4 or later.'
    : 'Written for the crate wasmtime, version 38.0.4 or later.',
];

/**
 * `protocolAdvice` in the terms of the Rust templates. `names`: the method of each export; `memory`: whether the
 * instance has methods that read and write memory.
 */
export const rustProtocolAdvice = (
  input: WrapInput,
  names: ReadonlyMap<WrapExport, string>,
  memory: boolean,
): string[] =>
  protocolAdvice(input, {
    nameOf: (one) => names.get(one) ?? '',
    memory: memory ? { write: 'write_memory', read: 'read_memory' } : undefined,
    hold: 'run',
  });

/** What locks and timeouts do not solve. */
export const ENDLESS_CALLS =
  'A call that does not return keeps its instance forever: use Config::epoch_interruption, Store::set_epoch_deadline and Engine::increment_epoch to end it.';

/**
 * Which imported state instances share and which each has of its own, as sentences; empty if the module imports none.
 */
export function stateAdvice({ commonMemory, privateState }: Surface): string[] {
  const lines: string[] = [];
  if (commonMemory)
    lines.push(
      'The module imports a shared memory, and all instances work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race. A module with a stack in memory needs a separate stack for each instance.',
    );
  if (privateState) lines.push('The module imports memory, tables or mutable globals: each instance has its own.');
  return lines;
}
