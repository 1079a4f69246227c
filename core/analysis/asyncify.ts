/**
 * Modules that Asyncify has instrumented, recognised by the exports of its state machine: by their names, or, where a
 * minifier has renamed them, by what they do. Each of them sets the same global to a constant; those that start also set the
 * global that points to the saved frames, and all of them check it.
 * Source: https://github.com/WebAssembly/binaryen/blob/main/src/passes/Asyncify.cpp
 */
import type { Module } from '../wasm/module.ts';
import type { ScanResult } from './scanContext.ts';

/** Exports that Asyncify adds, beside `asyncify_get_state`, which linkers may drop. */
const NAMES: readonly string[] = [
  'asyncify_start_unwind',
  'asyncify_stop_unwind',
  'asyncify_start_rewind',
  'asyncify_stop_rewind',
];

/** What Asyncify added to a module. */
export interface AsyncifyState {
  /** The global of the state, -1 where it is not known. */
  state: number;
  /** Function indices of its exports. */
  functions: number[];
}

/** Undefined for a module without Asyncify. */
export function asyncifyOf(module: Module, scan: ScanResult): AsyncifyState | undefined {
  return byShape(module, scan) ?? byNames(module, scan);
}

function byNames(module: Module, scan: ScanResult): AsyncifyState | undefined {
  const exported = module.exports.filter(({ kind }) => kind === 'func');
  if (!NAMES.every((name) => exported.some((one) => one.name === name))) return undefined;
  const functions = exported.filter(({ name }) => name.startsWith('asyncify_')).map(({ index }) => index);
  const getter = exported.find(({ name }) => name === 'asyncify_get_state')?.index ?? -1;
  const [read] = getter < module.functions.imported ? [] : effectsIn(scan, getter);
  return { state: read?.kind === 'global' ? read.index : -1, functions };
}

function byShape(module: Module, scan: ScanResult): AsyncifyState | undefined {
  const found = new Map<number, { start: Set<number>; stop: Set<number> }>();
  for (const { kind, index } of module.exports) {
    if (kind !== 'func' || index < module.functions.imported) continue;
    const shape = shapeOf(module, scan, index);
    if (shape === undefined) continue;
    const known = found.get(shape.state) ?? { start: new Set(), stop: new Set() };
    found.set(shape.state, known);
    known[shape.role].add(index);
  }
  // Functions with equal bodies may have been merged: both that stop are equal.
  for (const [state, { start, stop }] of found)
    if (start.size === 2 && stop.size >= 1) return { state, functions: [...start, ...stop] };
  return undefined;
}

/** Whether a function is one of those that start or stop, and the global that it sets. */
function shapeOf(
  module: Module,
  scan: ScanResult,
  func: number,
): { role: 'start' | 'stop'; state: number } | undefined {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (type?.kind !== 'func' || type.results.length > 0 || type.params.length > 1) return undefined;
  if (scan.callStart[func] !== scan.callStart[func + 1]) return undefined;
  const effects = effectsIn(scan, func);
  const globals = effects.filter(({ kind }) => kind === 'global');
  const written = globals.filter(({ access }) => access !== READ).map(({ index }) => index);
  const read = globals.filter(({ access }) => access === READ).map(({ index }) => index);
  const loads = effects.filter(({ kind, access }) => kind === 'memory' && access === READ);
  if (globals.length + loads.length !== effects.length || loads.length === 0 || read.length !== 1) return undefined;
  const [state, data] = written;
  if (type.params.length === 0) return written.length === 1 && state !== read[0] ? { role: 'stop', state } : undefined;
  return written.length === 2 && data === read[0] && state !== data ? { role: 'start', state } : undefined;
}

/** As `RawEffect.access` codes a read. */
const READ = 0;

const effectsIn = ({ table, factStart, factEffect }: ScanResult, func: number) =>
  [...factEffect.subarray(factStart[func], factStart[func + 1])].map((id) => table.effects[id]);
