/** What our diagnostics have in common. */
import type { TextRange } from '../../../core/text/lines.ts';

/** `source` of every diagnostic, by which quick fixes recognise ours. */
export const SOURCE = 'wasm-hazards';

/** Range of a diagnostic about a whole file. */
export const FIRST_LINE: TextRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
