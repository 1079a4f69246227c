/** Quick fixes that edit a source, for the diagnostics under a cursor and for the place itself. */

import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { RuleId } from '../../../core/analysis/rules/index.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { dataOf } from './diagnosticData.ts';
import { atomicFix } from './watAtomicFix.ts';
import { type EditSupport, fix, type SourceDocument } from './watEdits.ts';
import { ignoreFix } from './watIgnoreFix.ts';
import { memoryFixes } from './watMemoryFix.ts';

const GROWTH: ReadonlySet<RuleId> = new Set(['memory-grow', 'growable-memory']);

/** Empty for a disassembly, and when the text has changed since the analysis. */
export function watFixes(
  doc: ModuleDocument,
  range: TextRange,
  diagnostics: readonly Diagnostic[],
  support: EditSupport,
): CodeAction[] {
  if (!isEditable(doc)) return [];
  const actions: CodeAction[] = [];
  const add = (action: CodeAction): void => {
    const same = actions.find(({ title }) => title === action.title);
    if (same) same.diagnostics = [...(same.diagnostics ?? []), ...(action.diagnostics ?? [])];
    else actions.push(action);
  };
  for (const diagnostic of diagnostics) {
    const data = dataOf(diagnostic);
    if (data === undefined) continue;
    const { rule, site, memory } = data;
    if (memory !== undefined && GROWTH.has(rule)) {
      for (const { title, replacements } of memoryFixes(doc, memory))
        add(fix(doc, title, replacements, [diagnostic], support));
    }
    const atomic = memory === undefined ? undefined : atomicFix(doc, site);
    if (atomic) add(fix(doc, atomic.title, atomic.replacements, [diagnostic], support));
    const { line, character } = diagnostic.range.start;
    const ignore = ignoreFix(doc, rule, doc.lineStarts[line] + character);
    if (ignore) add(fix(doc, `Ignore ${rule} here, with a comment`, [ignore], [diagnostic], support));
  }
  const offset = doc.map.offsetAt(range.start.line, range.start.character);
  const here = offset === undefined ? undefined : atomicFix(doc, offset);
  if (here) add(fix(doc, here.title, here.replacements, [], support));
  return actions;
}

const isEditable = (doc: ModuleDocument): doc is SourceDocument => doc.source?.isCurrent() === true;
