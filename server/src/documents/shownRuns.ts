/** What stress runs have shown of a document, applied to each of its modules. */

import { shownPairs } from '../../../core/report/shown/shownPairs.ts';
import { contentKey } from '../../../core/wasm/contentKey.ts';
import type { ShownParams } from '../protocol.ts';
import type { ModuleDocument } from './moduleDocument.ts';

/** Runs and the key of the bytes that they ran. */
export type ShownRuns = Pick<ShownParams, 'content' | 'runs'>;

/** Of a document that was not run. */
export const NO_RUNS: ShownRuns = { content: '', runs: [] };

/** The module with what was shown of it: nothing, where other bytes were run. */
export function withRuns(doc: ModuleDocument, { content, runs }: ShownRuns): ModuleDocument {
  // The key takes a while for large modules, and most were never run.
  const same = runs.length > 0 && contentKey(doc.module.bytes) === content;
  return { ...doc, shown: shownPairs(same ? runs : [], doc.analysis, doc.settings.suspendingImports) };
}
