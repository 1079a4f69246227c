/** What our diagnostics carry, as an editor hands it back. */
import type { Diagnostic } from 'vscode-languageserver';
import { isRuleId } from '../../../core/analysis/rules/index.ts';
import { SOURCE } from './diagnosticParts.ts';
import type { DiagnosticData } from './diagnostics.ts';

/** Our own data; the editor may have dropped it or the diagnostic be another extension's. */
export function dataOf({ source, data }: Diagnostic): DiagnosticData | undefined {
  if (source !== SOURCE || typeof data !== 'object' || data === null) return undefined;
  const { rule } = data as Partial<DiagnosticData>;
  return typeof rule === 'string' && isRuleId(rule) ? (data as DiagnosticData) : undefined;
}
