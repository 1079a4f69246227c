/** What keeps the debug information of a module from being right or complete, in sentences without a full stop. */

import { displayable } from '../harmless/names.ts';
import { t } from '../text/l10n.ts';
import type { Module } from '../wasm/module.ts';
import { hex } from '../wasm/printer/numbers.ts';
import type { FoundSource } from './foundSource.ts';
import type { DebugProblem } from './model.ts';
import { sourceOf } from './moduleSource.ts';

/** Says that the lines of a file may not be those that were compiled. */
export const staleNote = (file: string, stale: NonNullable<FoundSource['stale']>): string =>
  stale === 'newer'
    ? t('{0} is newer than the module: its lines may have moved', file)
    : t('{0} is not the text that was compiled: its lines may have moved', file);

/** `.debug_info at 0x1f: what is wrong`; a file that a section names is wrong as a whole. */
export const problemNote = ({ message, section, offset }: DebugProblem): string =>
  offset === 0 ? t('{0}: {1}', section, message) : t('{0} at {1}: {2}', section, hex(offset), message);

/** Most of them that are told of one module. */
const MOST = 4;
/** Longest one, in characters. */
const LONGEST = 400;

/** What is told of the debug information that is attached to a module; nothing where none is. */
export function sourceNotes(module: Module): string[] {
  const notes = sourceOf(module)?.notes?.() ?? [];
  const rest = notes.length - MOST;
  const shown = notes.slice(0, MOST).map((note) => displayable(note, LONGEST));
  return rest > 0 ? [...shown, t('and {0} more of this kind', rest)] : shown;
}
