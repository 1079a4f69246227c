/**
 * Quick fixes of our diagnostics: make a scenario, read about the rule, change its severity, ignore the finding, write
 * code that keeps calls apart.
 */
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { RULES } from '../../../core/analysis/rules/metadata.ts';
import { quoted } from '../../../core/analysis/wordingCells.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import { Commands } from '../protocol.ts';
import { dataOf } from './diagnosticData.ts';
import type { DiagnosticData } from './diagnostics.ts';

/** Actions for the diagnostics under a cursor, as the editor hands them back. */
export function codeActions(diagnostics: readonly Diagnostic[], uri: string): CodeAction[] {
  const actions: CodeAction[] = [];
  const ours: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const data = dataOf(diagnostic);
    if (data === undefined) continue;
    ours.push(diagnostic);
    actions.push(...actionsOf(diagnostic, data, uri));
  }
  // One for all: it is about the module.
  if (ours.length > 0) {
    const title = 'Generate a concurrency wrapper for the module';
    const command = { title, command: Commands.generateWrapper, arguments: [uri] };
    actions.push({ title, kind: 'quickfix', diagnostics: ours, command });
  }
  return actions;
}

function actionsOf(
  diagnostic: Diagnostic,
  { rule, exportName, key, fileKey }: DiagnosticData,
  uri: string,
): CodeAction[] {
  const action = (title: string, command: string, ...args: string[]): CodeAction => ({
    title,
    kind: 'quickfix',
    diagnostics: [diagnostic],
    command: { title, command, arguments: args },
  });
  const { title } = RULES[rule];
  const actions = [
    action(`Open the page of rule ${rule}: ${title.toLowerCase()}`, Commands.openRule, rule),
    action(`Change the severity of ${rule} in the settings`, Commands.changeSeverity, rule),
  ];
  if (key !== undefined && exportName !== undefined) {
    const name = quoted(exportLabel({ name: exportName }));
    actions.unshift(action(`Create a stress scenario for ${name}`, Commands.createScenario, uri, exportName));
    actions.push(action(`Ignore ${rule} for ${name}`, Commands.ignoreFinding, key));
  }
  actions.push(action(`Ignore ${rule} in this file`, Commands.ignoreFinding, fileKey));
  return actions;
}
