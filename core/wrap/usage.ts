/**
 * What callers of a wrapper have to know about the module besides the evidence, as sentences for the top of the code.
 */

import { allocatorOf } from '../analysis/allocator.ts';
import { type Effect, isHostCell, isWrite } from '../analysis/cells.ts';

import { effectsOf } from '../analysis/queries.ts';
import { listOf, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import type { WrapExport } from './surface.ts';
import type { WrapInput } from './wrapInput.ts';

/** What the language calls the parts of a protocol. */
interface ProtocolNames {
  nameOf(one: WrapExport): string;
  /** Methods that write and read memory; undefined where there are none. */
  memory: { write: string; read: string } | undefined;
  /** What holds the instance for several calls. */
  hold: string;
}

/** The steps around a call that needs memory from the module's allocator; empty if it exports no allocator. */
export function protocolAdvice(
  { module, analysis, surface }: WrapInput,
  { nameOf, memory, hold }: ProtocolNames,
): string[] {
  const allocator = allocatorOf(module, analysis);
  const at = (position: number) => surface.exports.find((one) => one.position === position);
  const [allocate, free] = [at(allocator.allocate), at(allocator.free)];
  if (allocate === undefined || memory === undefined) return [];
  const steps = [nameOf(allocate), memory.write, 'the call', memory.read, ...(free ? [nameOf(free)] : [])];
  return [
    `${listOf(steps, steps.length, 'and')} belong in one ${hold}: an address means nothing in another instance, and the next caller may free or overwrite what it points to.`,
  ];
}

/** Exports that a sentence names. */
const MAX_NAMED = 6;

/** That callers of a pool do not see each other's state; empty if no export keeps any. */
export function poolStateAdvice({ module, analysis, surface }: WrapInput): string[] {
  const { all: allocators } = allocatorOf(module, analysis);
  const keeping = surface.exports.filter(
    (one) => !allocators.has(one.position) && leavesState({ analysis, surface }, one),
  );
  if (keeping.length === 0) return [];
  const names = listOf(
    keeping.slice(0, MAX_NAMED).map((one) => quoted(exportLabel(one))),
    MAX_NAMED,
    'and',
    keeping.length,
  );
  return [
    `${names} ${keeping.length === 1 ? 'leaves' : 'leave'} state behind in the instance that ran the call: the next caller on that instance sees it, and callers on other instances do not. If callers need to share that state, use one instance behind a lock, not a pool.`,
  ];
}

/** Whether a call of the export leaves something in the instance that a later call can see. */
export const leavesState = (
  { analysis, surface }: Pick<WrapInput, 'analysis' | 'surface'>,
  { position }: WrapExport,
): boolean =>
  effectsOf(analysis, analysis.exports[position].func).some((id) =>
    outlastsCall(analysis.effects[id], surface.commonMemory),
  );

/** Whether it is a write to the state of the instance, other than stack frames and buffers of the caller. */
function outlastsCall(effect: Effect, commonMemory: boolean): boolean {
  const { kind, address } = effect.cell;
  if (!isWrite(effect) || isHostCell(effect.cell) || kind === 'stack-pointer') return false;
  if (kind === 'memory' || kind === 'anything')
    return !commonMemory && address?.base !== 'stack' && address?.base !== 'parameter';
  return true;
}

/** That the bindings of a toolchain do more than call the exports; empty for other modules. */
export const bindingsAdvice = ({ module }: WrapInput): string[] =>
  module.exports.some(({ name }) => name.startsWith('__wbindgen_'))
    ? [
        'wasm-bindgen generated this module together with JavaScript code that calls __wbindgen_start first and turns strings and objects into numbers: code that calls the exports directly must do the same.',
      ]
    : [];
