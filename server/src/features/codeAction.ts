/**
 * Quick fixes for our diagnostics: create a scenario, open the page of the rule, change its severity, ignore the
 * finding, generate a wrapper.
 */
import type { CodeAction, Command, Diagnostic } from 'vscode-languageserver';
import { RULES } from '../../../core/analysis/rules/index.ts';
import { quoted } from '../../../core/text/phrases.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import { command } from './command.ts';
import { dataOf } from './diagnosticData.ts';
import type { DiagnosticData } from './diagnostics.ts';

/** Actions for the diagnostics at a cursor, as the editor returns them. */
export function codeActions(diagnostics: readonly Diagnostic[], uri: string): CodeAction[] {
  const actions: CodeAction[] = [];
  const ours: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const data = dataOf(diagnostic);
    if (data === undefined) continue;
    ours.push(diagnostic);
    actions.push(...actionsOf(diagnostic, data, uri));
  }
  // Only one: it is about the module.
  if (ours.length > 0) {
    const title = 'Generate a concurrency wrapper for the module';
    const generate = command(title, 'wasm-hazards.generateWrapper', uri);
    actions.push({ title, kind: 'quickfix', diagnostics: ours, command: generate });
  }
  return actions;
}

function actionsOf(
  diagnostic: Diagnostic,
  { rule, exportName, key, fileKey }: DiagnosticData,
  uri: string,
): CodeAction[] {
  const action = (command: Command): CodeAction => ({
    title: command.title,
    kind: 'quickfix',
    diagnostics: [diagnostic],
    command,
  });
  const { title } = RULES[rule];
  const actions = [
    action(command(`Open the page of rule ${rule}: ${title.toLowerCase()}`, 'wasm-hazards.openRule', rule)),
    action(command(`Change the severity of ${rule} in the settings`, 'wasm-hazards.changeSeverity', rule)),
  ];
  if (key !== undefined && exportName !== undefined) {
    const name = quoted(exportLabel({ name: exportName }));
    actions.unshift(
      action(command(`Create a stress scenario for ${name}`, 'wasm-hazards.createScenario', uri, exportName)),
    );
    actions.push(action(command(`Ignore ${rule} for ${name}`, 'wasm-hazards.ignoreFinding', key)));
  }
  actions.push(action(command(`Ignore ${rule} in this file`, 'wasm-hazards.ignoreFinding', fileKey)));
  return actions;
}
