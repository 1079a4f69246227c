/** Which export a call of a tool means. */
import type { Analysis } from '../../../core/analysis/model.ts';
import { listOf } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import { UsageError } from '../io.ts';
import { shownName } from './bounds.ts';

/** Names that a message lists. */
const MAX_NAMES = 12;

/**
 * Position in `analysis.exports` of the export of this name, or of the one that answers show under it.
 * @throws UsageError where there is none
 */
export function exportPosition({ exports }: Analysis, wanted: string, module: string): number {
  const exact = exports.findIndex(({ name }) => name === wanted);
  if (exact >= 0) return exact;
  const shown = exports.findIndex((one) => exportLabel(one) === wanted || shownName(one.name) === wanted);
  if (shown >= 0) return shown;
  if (exports.length === 0) throw new UsageError(`${module}: exports no function`);
  const names = listOf(exports.map(exportLabel), MAX_NAMES);
  throw new UsageError(
    `${module}: there is no exported function ${JSON.stringify(shownName(wanted))}; there are ${names}`,
  );
}
