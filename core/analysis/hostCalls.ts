/**
 * What a call of an imported function does to the module's own memory, and what it calls of the module, where
 * `core/analysis/host` knows the function. Other imports are only "a call of the host".
 */

import { Base, baseIndex, isExactParameter, packed } from './abstractValue.ts';
import { readThrough } from './addressArithmetic.ts';
import { ATOMIC_READ, ATOMIC_WRITE, READ, WRITE } from './effectTable.ts';
import type { HostCallbacks } from './host/callbacks.ts';
import type { HostPointer } from './host/description.ts';
import { isWasi } from './host/hostFunctionOf.ts';
import { hostMemoryIndex } from './host/hostMemory.ts';
import { FLOOR, type ScannerState } from './scannerState.ts';

/** More parameters than known functions have. */
const MOST_KNOWN = 1000;

/** Records the call of imported function `callee` whose operands end below `height`. */
export function callHost(s: ScannerState, callee: number, height: number, site: number): void {
  const { out, module } = s;
  out.effect(s.hostCall[callee], site);
  const callbacks = s.hostCallbacks[callee];
  if (callbacks !== undefined)
    callBack(s, callbacks, height - s.arity.params[module.functions.typeIndex[callee]], site);
  if (module.memories.length === 0) return;
  const known = s.hostFunctions[callee];
  const memory = hostMemoryIndex(module);
  if (known?.grows) out.effect(growthOf(s, memory), site);
  const anywhere = (access: number) => out.effect(out.table.memory(memory, access, 0, 0, 0, 0), site);
  if (known === undefined) {
    // A function of WASI that is not what its name says may use any pointer.
    if (!isWasi(s.importedFunctions[callee])) return;
    anywhere(READ);
    anywhere(WRITE);
    return;
  }
  const first = height - known.params.length;
  for (const pointer of known.pointers) {
    const access = pointer.access === 'reads' ? READ : WRITE;
    const at = first + pointer.parameter;
    if (pointer.through) {
      out.access(memory, access, readThrough(s.bases[at], s.values[at]), 0, 0, 0, site);
      continue;
    }
    const length = lengthOf(s, at, first, pointer);
    if (length >= 0) {
      const form = out.table.memoryForm(memory, access);
      out.effect(out.table.range(form, s.bases[at], s.values[at], s.values[at], { length }), site);
      continue;
    }
    const text = textOf(s, at, pointer);
    const [base, value, width] = text ?? [s.bases[at], s.values[at], widthOf(s, first, pointer)];
    out.access(memory, access, base, value, 0, width, site);
  }
}

/**
 * Records what imported function `func` does where no call names it: it is called through a table, or exported again.
 * Its operands are its parameters.
 */
export function hostBody(s: ScannerState, func: number): void {
  const count = s.arity.params[s.module.functions.typeIndex[func]] ?? 0;
  for (let i = 0; i < count && i < MOST_KNOWN; i++) {
    s.bases[FLOOR + i] = packed(Base.Parameter, i);
    s.values[FLOOR + i] = 0;
  }
  callHost(s, func, FLOOR + count, s.importedFunctions[func].offset);
}

/** What the host calls; `first`: place of the first argument among the operands. */
function callBack({ out, module, bases, values }: ScannerState, called: HostCallbacks, first: number, site: number) {
  const { table, types, functions } = called;
  for (const func of functions) {
    if (func < module.functions.imported) continue;
    out.call(func, site);
    out.callUnknown(func, site);
  }
  if (table < 0 || module.tables.length === 0 || types.length === 0) return;
  out.effect(out.table.table(table, READ, bases[first], values[first]), site);
  for (const type of types) out.callUnknown(out.callIndirect(table, type, site), site);
}

/** Effect of growth by the host, which is refused where the memory is at its maximum. */
function growthOf({ out, module }: ScannerState, memory: number): number {
  const { min, max, shared } = module.memories[memory].limits;
  const refused = max !== undefined && min >= max;
  const [read, write] = shared ? [ATOMIC_READ, ATOMIC_WRITE] : [READ, WRITE];
  return out.table.cell('memory.grow', memory, refused ? read : write);
}

/** Base, number and width of a text at a constant address; undefined where the module does not say how long it is. */
function textOf(
  s: ScannerState,
  at: number,
  { bytes }: HostPointer,
): [base: number, value: number, width: number] | undefined {
  if ((bytes !== 'terminated' && bytes !== 'managed') || s.bases[at] !== Base.Constant) return undefined;
  const found = s.hostTexts.extent(s.values[at] >>> 0, bytes);
  return found && [Base.Constant, found.start, found.end - found.start];
}

/** Parameter of the calling function whose value is the number of bytes behind a pointer into its arguments, or -1. */
function lengthOf(s: ScannerState, at: number, first: number, { bytes }: HostPointer): number {
  if (typeof bytes !== 'object' || bytes.each !== 1 || !isExactParameter(s.bases[at])) return -1;
  const given = first + bytes.parameter;
  return isExactParameter(s.bases[given]) && s.values[given] === 0 ? baseIndex(s.bases[given]) : -1;
}

/** Bytes that the pointer stands for in this call; 0 if they are not known. */
function widthOf(s: ScannerState, first: number, { bytes }: HostPointer): number {
  if (typeof bytes === 'number') return bytes;
  if (typeof bytes === 'string') return 0;
  const at = first + bytes.parameter;
  return s.bases[at] === Base.Constant ? (s.values[at] >>> 0) * bytes.each : 0;
}
