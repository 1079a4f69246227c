/** Whether calls of a module grow its memory, and who does it. */
import { t } from '../../text/l10n.ts';
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
  const who = all ? t('All exports') : listOf(names, MAX_NAMES);
  return { by, text: textOf(by, { all, who, one: names.length === 1 }, memoryText(module)) };
}

/** The memory with its first size, where there is only one. */
function memoryText(module: Module): string {
  if (module.memories.length !== 1) return t('a memory');
  const [{ limits }] = module.memories;
  return t('{0} from {1}', memoryName(module, 0), plural(Number(limits.min), 'page'));
}

/** Exports that can grow a memory: all of them, or those that `who` names. */
interface Growing {
  all: boolean;
  who: string;
  one: boolean;
}

function textOf(by: GrowthClass, { all, who, one }: Growing, memory: string): string {
  switch (by) {
    case 'indirect-call':
      return t('{0} may grow {1} through an indirect call.', who, memory);
    case 'host-import':
      if (all) return t('The host may grow {0} when any export calls an import.', memory);
      return one
        ? t('The host may grow {0} when {1} calls an import.', memory, who)
        : t('The host may grow {0} when {1} call an import.', memory, who);
    default:
      return t('{0} can grow {1}.', who, memory);
  }
}
