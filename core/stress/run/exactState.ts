/**
 * The state between two calls as a text that is equal for equal states alone: all that a later call can observe of
 * memories, globals, tables and segments, dead stack frames included.
 */
import type { Module } from '../../wasm/module.ts';
import { EXN, F32, F64, heapOf, isRef } from '../../wasm/types.ts';
import { LINE_BYTES } from '../instrument/hooks.ts';
import type { GlobalState, GuestInstance } from './guestInstance.ts';
import type { Machine } from './machine.ts';
import type { MemoryState } from './memoryState.ts';
import { tableDifference } from './tableState.ts';

/**
 * What distinguishes the state from the base; undefined where some of it cannot be told apart from outside: objects that
 * calls made, references to exceptions, the bits of a NaN.
 */
export function exactState(machine: Machine, module: Module): string | undefined {
  const parts: string[] = [];
  for (const memory of machine.memories) {
    if (memory.pageBytes < LINE_BYTES) return undefined;
    parts.push(linesOf(memory));
  }
  for (const instance of machine.instances) {
    const own = instanceState(machine, module, instance);
    if (own === undefined) return undefined;
    parts.push(own);
  }
  return parts.join('/');
}

/** The size, and the lines that differ from the base, each with its contents. */
function linesOf(memory: MemoryState): string {
  const lines = [...memory.written()].filter((line) => line * LINE_BYTES < memory.bytes && !memory.isBase(line));
  lines.sort((a, b) => a - b);
  const text = lines.map((line) => {
    const units = new Uint16Array(memory.view.buffer, line * LINE_BYTES, LINE_BYTES / 2);
    return `${line}:${String.fromCharCode(...units)}`;
  });
  return `${memory.bytes};${text.join('')}`;
}

function instanceState(
  machine: Machine,
  module: Module,
  { globals, tables, dropped }: GuestInstance,
): string | undefined {
  const parts: string[] = [];
  for (const global of globals) {
    if (global === undefined) continue;
    const value = globalText(machine, module, global);
    if (value === undefined) return undefined;
    parts.push(value);
  }
  for (const table of tables) {
    if (table === undefined) continue;
    const difference = tableDifference(table, (held) =>
      machine.references.isNew(held) ? -1 : machine.reference(held),
    );
    if (difference.includes(-1)) return undefined;
    parts.push(difference.join());
  }
  for (const segment of dropped.values()) parts.push(segment.dropped ? 'dropped' : '');
  return parts.join(';');
}

function globalText(machine: Machine, module: Module, global: GlobalState): string | undefined {
  const { type } = module.globals[global.index];
  const value = global.get();
  if (isRef(type) && (heapOf(type) === EXN || machine.references.isNew(value))) return undefined;
  if ((type === F32 || type === F64) && Number.isNaN(value)) return undefined;
  return machine.valueText(global, value);
}
