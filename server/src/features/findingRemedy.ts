/** What to do about the findings of an export, in one sentence. */
import type { Analysis } from '../../../core/analysis/model.ts';
import { plumbingOf } from '../../../core/analysis/plumbing.ts';
import { shortVerdict } from '../../../core/analysis/verdict/shortVerdict.ts';
import { LanguageCache } from '../../../core/text/languageCache.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';

/** All findings of a module say the same, of which there may be thousands. */
const remedies = new LanguageCache<Analysis, string>();

/**
 * VS Code shows diagnostics above hovers: what helps is told where people look first. Empty where what helps the module as a
 * whole need not help the export, and while too little is known.
 */
export function findingRemedy({ module, analysis, isProvisional }: ModuleDocument, position: number): string {
  const { class: exportClass, conflictCount } = analysis.exports[position];
  if (isProvisional || conflictCount === 0 || exportClass === 'host-dependent') return '';
  if (plumbingOf(module, analysis).has(position)) return '';
  return remedies.get(analysis, () => shortVerdict(module, analysis).remedy ?? '');
}
