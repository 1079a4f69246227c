/** What is known of the exported functions that one of a module's originals has. */
import { meetingText } from '../../../core/report/shown/meeting.ts';
import { exportBrief } from '../../../core/report/shown/standing.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import type { OriginalExport } from '../protocol.ts';
import { type Origin, placeOfFunction } from './origin.ts';

/** Exports of one file. */
const MAX_EXPORTS = 500;

/** What stress runs have shown of each export, else what the analysis supposes, at the line of its function. */
export function originalExports(doc: ModuleDocument, origin: Origin, key: string): OriginalExport[] {
  return doc.analysis.exports
    .flatMap(({ name, func }, position): OriginalExport[] => {
      const place = placeOfFunction(origin, doc.module, func);
      if (place?.file.key !== key) return [];
      const text = meetingText(doc.shown, name) ?? exportBrief(doc, position);
      return [{ module: doc.uri, exportName: name, line: place.line, isGuess: place.isGuess, text }];
    })
    .slice(0, MAX_EXPORTS);
}
