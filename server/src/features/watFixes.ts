/** Quick fixes that edit a source, for the diagnostics under a cursor and for the place itself. */

import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { RuleId } from '../../../core/analysis/rules/index.ts';
import { t } from '../../../core/text/l10n.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { dataOf } from './diagnosticData.ts';
import { atomicFix } from './watAtomicFix.ts';
import { type EditSupport, fix, type SourceDocument } from './watEdits.ts';
import { ignoreFix } from './watIgnoreFix.ts';
import { memoryFixes } from './watMemoryFix.ts';

const GROWTH: ReadonlySet<RuleId> = new Set(['memory-grow', 'growable-memory']);

/** Edits that mend what the diagnostics are about, or the read-modify-write at the place itself; empty for a disassembly. */
export function watMends(
  doc: SourceDocument,
  range: TextRange,
  diagnostics: readonly Diagnostic[],
  support: EditSupport,
): CodeAction[] {
  const actions = new Actions();
  for (const diagnostic of diagnostics) {
    const data = dataOf(diagnostic);
    if (data?.memory === undefined) continue;
    if (GROWTH.has(data.rule)) {
      for (const { title, replacements } of memoryFixes(doc, data.memory))
        actions.add(fix(doc, title, replacements, [diagnostic], support));
    }
    const atomic = atomicFix(doc, data.site);
    if (atomic) actions.add(fix(doc, atomic.title, atomic.replacements, [diagnostic], support));
  }
  const offset = doc.map.offsetAt(range.start.line, range.start.character);
  const here = offset === undefined ? undefined : atomicFix(doc, offset);
  if (here) actions.add(fix(doc, here.title, here.replacements, [], support));
  return actions.all;
}

/** Edits that silence the diagnostics with a comment. */
export function watIgnores(
  doc: SourceDocument,
  diagnostics: readonly Diagnostic[],
  support: EditSupport,
): CodeAction[] {
  const actions = new Actions();
  for (const diagnostic of diagnostics) {
    const data = dataOf(diagnostic);
    if (data === undefined) continue;
    const { line, character } = diagnostic.range.start;
    const ignore = ignoreFix(doc, data.rule, doc.lineStarts[line] + character);
    if (ignore) actions.add(fix(doc, t('Ignore {0} here, with a comment', data.rule), [ignore], [diagnostic], support));
  }
  return actions.all;
}

/** Actions, each once with all diagnostics that it is about. */
class Actions {
  readonly all: CodeAction[] = [];

  add(action: CodeAction): void {
    const same = this.all.find(({ title }) => title === action.title);
    if (same) same.diagnostics = [...(same.diagnostics ?? []), ...(action.diagnostics ?? [])];
    else this.all.push(action);
  }
}

/** Whether edits of the text are possible: it is a source, and has not changed since the analysis. */
export const isEditable = (doc: ModuleDocument): doc is SourceDocument => doc.source?.isCurrent() === true;
