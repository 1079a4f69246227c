/** Whether calls of a module grow its memory, and who does it. */
import { listOf, plural, quoted } from '../../text/phrases.ts';
import { exportLabel, memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { Analysis, GrowthClass } from '../model.ts';

/** The most certain way in which some export can grow a memory. */
export interface ModuleGrowth {
  by: GrowthClass;
  /** A sentence; undefined where nothing grows. */
  text: string | undefined;
}

/** Exports that the sentence names. */
const MAX_NAMES = 3;

const BY_CERTAINTY: readonly GrowthClass[] = ['own-body', 'call-path', 'indirect-call', 'host-import'];

/** `positions`: the exports that the sentence is about. */
export function moduleGrowth(module: Module, { exports }: Analysis, positions: readonly number[]): ModuleGrowth {
  const by = BY_CERTAINTY.find((one) => positions.some((position) => exports[position].growth === one));
  if (by === undefined) return { by: 'none', text: undefined };
  const sure = by === 'own-body' || by === 'call-path';
  const growing = positions.filter((position) => {
    const { growth } = exports[position];
    return sure ? growth === 'own-body' || growth === 'call-path' : growth === by;
  });
  const names = growing.map((position) => quoted(exportLabel(exports[position])));
  const all = growing.length === positions.length && growing.length > 1;
  const who = all ? 'All exports' : listOf(names, MAX_NAMES);
  const memory = memoryName(module, 0);
  const from = module.memories[0] === undefined ? '' : ` from ${plural(Number(module.memories[0].limits.min), 'page')}`;
  return {
    by,
    text: textOf(
      by,
      { who: all ? 'any export' : who, one: names.length === 1 || all },
      who,
      module.memories.length === 1 ? `${memory}${from}` : 'a memory',
    ),
  };
}

function textOf(by: GrowthClass, caller: { who: string; one: boolean }, who: string, memory: string): string {
  switch (by) {
    case 'indirect-call':
      return `${who} may grow ${memory} through an indirect call.`;
    case 'host-import':
      return `The host may grow ${memory} when ${caller.who} ${caller.one ? 'calls' : 'call'} an import.`;
    default:
      return `${who} can grow ${memory}.`;
  }
}
