/** The data of our diagnostics, as an editor returns it. */
import type { Diagnostic } from 'vscode-languageserver';
import { isRuleId } from '../../../core/analysis/rules/index.ts';
import { SOURCE } from './diagnosticParts.ts';
import type { DiagnosticData } from './diagnostics.ts';

/** The data of one of our diagnostics; undefined if the editor dropped it or another extension made the diagnostic. */
export function dataOf({ source, data }: Diagnostic): DiagnosticData | undefined {
  if (source !== SOURCE || typeof data !== 'object' || data === null) return undefined;
  const { rule } = data as Partial<DiagnosticData>;
  return typeof rule === 'string' && isRuleId(rule) ? (data as DiagnosticData) : undefined;
}
