/** What our diagnostics have in common. */
import type { TextRange } from '../../../core/text/lines.ts';

/** Who says it: `source` of every diagnostic, by which quick fixes know their own. */
export const SOURCE = 'wasm-hazards';

/** Where a diagnostic stands that is about a whole file. */
export const FIRST_LINE: TextRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
