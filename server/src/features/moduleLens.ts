/** The code lens of a module as a whole: its verdict, and what to do about it. */
import type { CodeLens } from 'vscode-languageserver';
import { labelText } from '../../../core/harmless/labels.ts';
import { moduleStanding } from '../../../core/report/shown/moduleStanding.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { command } from './command.ts';
import { moduleHead } from './moduleWord.ts';

/**
 * Above the head of the module; none for what is no core module. The verdict and what can be done come first: a narrow
 * editor cuts the line off.
 */
export function moduleLenses(doc: ModuleDocument): CodeLens[] {
  const range = doc.module.kind === 'module' ? moduleHead(doc) : undefined;
  if (range === undefined) return [];
  const { lead, rest, line, tone, remedy } = moduleStanding(doc);
  const lens = (one: CodeLens['command']): CodeLens => ({ range, command: one });
  const toReport = (title: string): CodeLens =>
    lens({ ...command(labelText(title), 'wasm-hazards.openReport', doc.uri), tooltip: line });
  if (tone === 'nothing') return [toReport(lead)];
  return [
    toReport(lead),
    ...('refusal' in doc.profile.template
      ? []
      : [
          lens(
            remedy === 'pool'
              ? command(t('Generate pool'), 'wasm-hazards.generateWrapper', doc.uri, null, { kind: 'pool' })
              : command(t('Generate wrapper'), 'wasm-hazards.generateWrapper', doc.uri),
          ),
        ]),
    lens(command(t('Stress test'), 'wasm-hazards.stressModule', doc.uri)),
    lens(command(t('Report'), 'wasm-hazards.openReport', doc.uri)),
    ...(rest === '' ? [] : [toReport(rest.replace(/[.。]$/, ''))]),
  ];
}
