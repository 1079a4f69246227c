/**
 * Inlay hints: at the end of a line that accesses shared state which an export with findings can reach, who else uses it,
 * and what stress runs have shown: `$counter: race shown: written by reset`. One a line at most, and none where it would
 * tell what the verdict of the module tells.
 */

import type { InlayHint } from 'vscode-languageserver';
import { lineText, type TextRange } from '../../../core/text/lines.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { type HintText, hintTexts } from './hintText.ts';
import { shownHazards } from './settings.ts';

/** Limit for one request: some editors ask for a whole file. */
const MAX_HINTS = 500;
/** The hints on the lines of `range`, at most 500; none if the setting `inlayHints` is off. */
export function inlayHints(doc: ModuleDocument, range: TextRange): InlayHint[] {
  if (!doc.settings.inlayHints) return [];
  const reached = reachedFromFlagged(doc);
  const textOf = hintTexts(doc);
  const badged = linesOfRun(doc);
  const best = new Map<number, HintText>();
  for (const place of doc.map.instructionsIn(range.start.line, range.end.line)) {
    const { line } = place.end;
    if (best.size >= MAX_HINTS && !best.has(line)) break;
    if (reached[place.func] !== 1 || badged.has(line)) continue;
    const text = textOf(place);
    if (text !== undefined && text.rank > (best.get(line)?.rank ?? -1)) best.set(line, text);
  }
  return [...best].map(([line, { label, tooltip }]) => ({
    // In the middle of a folded expression it would push operands away.
    position: { line, character: lineText(doc.text, doc.lineStarts, line).trimEnd().length },
    label,
    tooltip,
    paddingLeft: true,
  }));
}

/**
 * Lines of exports that were run: failed tests have their badges at the ends of these, which the editor draws over any text.
 * The lens above the line says what was shown.
 */
function linesOfRun({ shown, module, analysis, map }: ModuleDocument): Set<number> {
  const lines = new Set<number>();
  if (shown.runs.length === 0) return lines;
  for (const { name, exportIndex } of analysis.exports) {
    if (shown.partnersOf(name).length === 0) continue;
    const range = map.rangeOf(module.exports[exportIndex].offset);
    if (range !== undefined) lines.add(range.start.line);
  }
  return lines;
}

const flagged = new WeakMap<ModuleDocument, Uint8Array>();

/** By node of the call graph: 1 when an export with findings reaches it. */
function reachedFromFlagged(doc: ModuleDocument): Uint8Array {
  let reached = flagged.get(doc);
  if (reached !== undefined) return reached;
  const { graph, exports } = doc.analysis;
  reached = new Uint8Array(graph.nodes);
  const queue: number[] = [];
  const visit = (node: number): void => {
    if (reached![node] === 1) return;
    reached![node] = 1;
    queue.push(node);
  };
  exports.forEach(({ func }, position) => {
    if (shownHazards(doc, position).length > 0) visit(func);
  });
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let edge = graph.start[node]; edge < graph.start[node + 1]; edge++) visit(graph.target[edge]);
  }
  flagged.set(doc, reached);
  return reached;
}
