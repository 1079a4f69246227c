/** Quick fixes for findings in originals: what can be done about a finding without an edit of the file. */
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  type Command,
  type Range,
  type TextDocument,
} from 'vscode';
import { RULES } from '../../../core/analysis/rules/index.ts';
import { quoted } from '../../../core/text/phrases.ts';
import { displayable, exportLabel } from '../../../core/wasm/displayNames.ts';
import type { OriginalFinding } from '../../../server/src/protocol.ts';
import { commandOf } from '../commands/typedCommands.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';

/** Offers the same as for findings in the text of a module. */
export class OriginalQuickFixes implements CodeActionProvider {
  static readonly metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  readonly #originals: Originals;
  readonly #edits: Edits;

  constructor(originals: Originals, edits: Edits) {
    this.#originals = originals;
    this.#edits = edits;
  }

  provideCodeActions({ uri }: TextDocument, { start, end }: Range): CodeAction[] {
    const findings = this.#originals.notesOf(uri)?.findings ?? [];
    const here = findings.filter(({ line }) => {
      const now = this.#edits.lineNow(uri, line);
      return now !== undefined && start.line <= now && now <= end.line;
    });
    return here.flatMap(commandsOf).map((command) => {
      const action = new CodeAction(command.title, CodeActionKind.QuickFix);
      action.command = command;
      return action;
    });
  }
}

function commandsOf({ module, rule, exportName, ignoreKey, moduleKey }: OriginalFinding): Command[] {
  const name = quoted(exportLabel({ name: exportName }));
  const file = displayable(moduleKey.slice(0, moduleKey.length - `:*:${rule}`.length));
  return [
    commandOf(`Create a stress scenario for ${name}`, 'wasm-hazards.createScenario', module, exportName),
    commandOf(`Open the page of rule ${rule}: ${RULES[rule].title.toLowerCase()}`, 'wasm-hazards.openRule', rule),
    commandOf(`Change the severity of ${rule} in the settings`, 'wasm-hazards.changeSeverity', rule),
    commandOf(`Ignore ${rule} for ${name}`, 'wasm-hazards.ignoreFinding', ignoreKey),
    commandOf(`Ignore ${rule} in ${file}`, 'wasm-hazards.ignoreFinding', moduleKey),
  ];
}
