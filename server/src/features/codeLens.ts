/**
 * Code lenses: the verdict above the module, the conflicts above exports where that tells more, `Show body` above elided
 * functions.
 */

import type { CodeLens } from 'vscode-languageserver';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { labelText } from '../../../core/harmless/labels.ts';
import { exportBrief } from '../../../core/report/shown/standing.ts';
import { t } from '../../../core/text/l10n.ts';
import { lineText } from '../../../core/text/lines.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { command } from './command.ts';
import { moduleLenses } from './moduleLens.ts';

/**
 * Limit for each kind of lens: an editor lays out all of them at once. The hovers of exports have the same
 * text, and those of elided functions the same link.
 */
const MAX_LENSES = 2000;

/** All lenses of the text, about 2,000 of each kind at most; those of bodies alone if the setting `codeLens` is `none`. */
export function codeLenses(doc: ModuleDocument): CodeLens[] {
  if (doc.settings.codeLens === 'none') return [];
  return [...moduleLenses(doc), ...(doc.isProvisional ? [] : exportLenses(doc)), ...bodyLenses(doc)];
}

function exportLenses(doc: ModuleDocument): CodeLens[] {
  const lenses: CodeLens[] = [];
  const adds = exportsToTell(doc);
  for (const [position, { name, exportIndex }] of doc.analysis.exports.entries()) {
    if (lenses.length >= MAX_LENSES) break;
    if (!adds(position)) continue;
    const range = doc.map.rangeOf(doc.module.exports[exportIndex].offset);
    if (range === undefined) continue;
    lenses.push({
      range,
      command: command(labelText(exportBrief(doc, position)), 'wasm-hazards.showExport', doc.uri, name),
    });
    lenses.push({
      range,
      command: command(t('Stress test'), 'wasm-hazards.stressExport', doc.uri, name),
    });
  }
  return lenses;
}

/** API exports of a module from which on the lens of the module speaks for those that conflict with many others. */
const MANY = 8;
/** Exports that one of so many may conflict with and still have a lens. */
const FEW = 4;

/**
 * Answers whether a lens of an export tells what the lens of the module does not: something was shown of it, or it
 * conflicts, in a large module with a few others only. Plumbing has none.
 */
function exportsToTell(doc: ModuleDocument): (position: number) => boolean {
  const { analysis, shown, settings } = doc;
  if (settings.codeLens === 'all') return () => true;
  const folded = plumbingOf(doc.module, analysis);
  const most = analysis.exports.length - folded.size > MANY ? FEW : Number.POSITIVE_INFINITY;
  return (position) => {
    const { name, conflictCount, class: exportClass } = analysis.exports[position];
    if (folded.has(position)) return false;
    if (shown.partnersOf(name).length > 0) return true;
    return conflictCount > 0 && conflictCount <= most && exportClass !== 'host-dependent';
  };
}

function bodyLenses(doc: ModuleDocument): CodeLens[] {
  const { imported, bodyStart } = doc.module.functions;
  const lenses: CodeLens[] = [];
  for (let i = 0; i < bodyStart.length && lenses.length < MAX_LENSES; i++) {
    const func = doc.map.elidedFunctionOf(bodyStart[i]);
    const range = func === undefined ? undefined : doc.map.rangeOf(bodyStart[i]);
    if (range === undefined) continue;
    lenses.push({
      range,
      command: command(
        t('Show body{0}', sizeText(doc, range.start.line)),
        'wasm-hazards.showBody',
        doc.uri,
        imported + i,
      ),
    });
  }
  return lenses;
}

/** ` (1,234 instructions)`, as the function's line tells. */
function sizeText(doc: ModuleDocument, line: number): string {
  const found = /\(;(\d+) instructions?;\)/.exec(lineText(doc.text, doc.lineStarts, line));
  return found === null ? '' : ` (${number(Number(found[1]))} ${found[1] === '1' ? 'instruction' : 'instructions'})`;
}
