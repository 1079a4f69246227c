/** Which exports a place of a text is about: for commands that apply to the cursor. */
import { exportsThatReach } from '../../../core/analysis/callers.ts';
import { functionAt, itemAt } from '../../../core/text/moduleItems.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** Exports that are told of one place; of a function in the middle of a module, all may be callers. */
const MAX_EXPORTS = 50;

/**
 * Positions in `analysis.exports`: the export or the exported function that the place is in, else the exports that reach
 * the function around it. Empty elsewhere.
 */
export function exportsAt({ module, analysis, map }: ModuleDocument, line: number, character: number): number[] {
  const offset = map.offsetAt(line, character);
  return offset === undefined ? [] : exportsAtOffset({ module, analysis }, offset);
}

/** The same for a byte offset of the module. */
export function exportsAtOffset(
  { module, analysis }: Pick<ModuleDocument, 'module' | 'analysis'>,
  offset: number,
): number[] {
  const item = itemAt(module, offset);
  if (item?.kind === 'export') {
    const position = analysis.exports.findIndex(({ exportIndex }) => exportIndex === item.index);
    return position === -1 ? [] : [position];
  }
  const func = functionAt(module, offset) ?? (item?.kind === 'function' ? item.index : undefined);
  if (func === undefined) return [];
  const own = analysis.exports.flatMap((one, position) => (one.func === func ? [position] : []));
  return own.length > 0 ? own : exportsThatReach(analysis, func).slice(0, MAX_EXPORTS);
}
