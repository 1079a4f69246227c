/** Quick fixes for findings in originals: what can be done about a finding without an edit of the file. */
import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  type Command,
  l10n,
  type Range,
  type TextDocument,
} from 'vscode';
import { RULES } from '../../../core/analysis/rules/index.ts';
import { displayable } from '../../../core/harmless/names.ts';
import { translated } from '../../../core/text/l10n.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { OriginalFinding } from '../../../server/src/protocol.ts';
import { commandOf } from '../commands/typedCommands.ts';
import { playActions } from '../stress/results/playActions.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';
import type { RacingLines } from './racingLines.ts';

/** Findings of stress tests that are offered at one line. */
const MAX_PLAYED = 3;

/** Offers the same as in the text of a module: to play what was shown, then what can be done about findings. */
export class OriginalQuickFixes implements CodeActionProvider {
  static readonly metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  readonly #originals: Originals;
  readonly #edits: Edits;
  readonly #racing: RacingLines;

  constructor(originals: Originals, edits: Edits, racing: RacingLines) {
    this.#originals = originals;
    this.#edits = edits;
    this.#racing = racing;
  }

  provideCodeActions({ uri }: TextDocument, { start, end }: Range): CodeAction[] {
    const findings = this.#originals.notesOf(uri)?.findings ?? [];
    const here = findings.filter(({ line }) => {
      const now = this.#edits.lineNow(uri, line);
      return now !== undefined && start.line <= now && now <= end.line;
    });
    const found = here.flatMap(commandsOf);
    // Several findings of a line have some in common.
    const once = found.filter(({ title }, i) => found.findIndex((other) => other.title === title) === i);
    const played = this.#racing.playableAt(uri, start.line, end.line).slice(0, MAX_PLAYED);
    return [
      ...played.flatMap(({ module, playable }) => playActions(module, playable)),
      ...once.map((command) => {
        const action = new CodeAction(command.title, CodeActionKind.QuickFix);
        action.command = command;
        return action;
      }),
    ];
  }
}

function commandsOf({ module, rule, exportName, ignoreKey, moduleKey }: OriginalFinding): Command[] {
  const name = exportLabel({ name: exportName });
  const file = displayable(moduleKey.slice(0, moduleKey.length - `:*:${rule}`.length));
  return [
    commandOf(l10n.t("Stress test '{0}'", name), 'wasm-hazards.stressExport', module, exportName),
    commandOf(l10n.t("Create a stress scenario for '{0}'", name), 'wasm-hazards.createScenario', module, exportName),
    commandOf(l10n.t('Generate a concurrency wrapper for the module'), 'wasm-hazards.generateWrapper', module),
    commandOf(l10n.t('Open the report of the module'), 'wasm-hazards.openReport', module, { exports: [exportName] }),
    commandOf(
      l10n.t('Open the page of rule {0}: {1}', rule, translated(RULES[rule].title).toLowerCase()),
      'wasm-hazards.openRule',
      rule,
    ),
    commandOf(l10n.t("Ignore {0} for '{1}'", rule, name), 'wasm-hazards.ignoreFinding', ignoreKey),
    commandOf(l10n.t('Ignore {0} in {1}', rule, file), 'wasm-hazards.ignoreFinding', moduleKey),
    commandOf(l10n.t('Change the severity of {0} in the settings', rule), 'wasm-hazards.changeSeverity', rule),
  ];
}
