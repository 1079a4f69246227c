/**
 * Code lenses: the class and number of conflicts above each export but plumbing, what to do with it, `Show body` above elided
 * functions.
 */

import type { CodeLens } from 'vscode-languageserver';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { exportHeadline } from '../../../core/report/shown/standing.ts';
import { lineText } from '../../../core/text/lines.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { command } from './command.ts';

/**
 * Limit for each kind of lens: an editor lays out all of them at once. The hovers of exports have the same
 * text, and those of elided functions the same link.
 */
const MAX_LENSES = 2000;

/** All lenses of the text, about 2,000 of each kind at most; none if the setting `codeLens` is off. */
export function codeLenses(doc: ModuleDocument): CodeLens[] {
  return doc.settings.codeLens ? [...exportLenses(doc), ...bodyLenses(doc)] : [];
}

function exportLenses(doc: ModuleDocument): CodeLens[] {
  const lenses: CodeLens[] = [];
  const folded = plumbingOf(doc.module, doc.analysis);
  let isFirst = true;
  for (const [position, { name, exportIndex }] of doc.analysis.exports.entries()) {
    if (lenses.length >= MAX_LENSES) break;
    if (folded.has(position)) continue;
    const range = doc.map.rangeOf(doc.module.exports[exportIndex].offset);
    if (range === undefined) continue;
    lenses.push({
      range,
      command: command(exportHeadline(doc, position), 'wasm-hazards.showExport', doc.uri, name),
    });
    lenses.push({
      range,
      command: command('Stress test', 'wasm-hazards.stressExport', doc.uri, name),
    });
    // About the whole module, so only once.
    if (isFirst) {
      isFirst = false;
      lenses.push({
        range,
        command: command('Generate wrapper', 'wasm-hazards.generateWrapper', doc.uri),
      });
    }
  }
  return lenses;
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
      command: command(`Show body${sizeText(doc, range.start.line)}`, 'wasm-hazards.showBody', doc.uri, imported + i),
    });
  }
  return lenses;
}

/** ` (1,234 instructions)`, as the function's line tells. */
function sizeText(doc: ModuleDocument, line: number): string {
  const found = /\(;(\d+) instructions?;\)/.exec(lineText(doc.text, doc.lineStarts, line));
  return found === null ? '' : ` (${number(Number(found[1]))} ${found[1] === '1' ? 'instruction' : 'instructions'})`;
}
