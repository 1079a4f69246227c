/** The status bar item of the active module: its verdict in a few words, the host and the sharing model. */
import { l10n, StatusBarAlignment, ThemeColor, window } from 'vscode';
import { labelText, titleText } from '../../../core/harmless/labels.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { activeModule } from '../commands/target.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';
import { baseName } from '../uris.ts';
import { showMenu } from './menu.ts';
import { shortModel } from './shortModel.ts';
import { tooltipOf } from './tooltip.ts';

const MENU = 'wasm-hazards.showMenu' satisfies CommandId;

/** Registers the item and its menu. The item is hidden unless a text or a source is active. */
export const registerStatusBar: Feature = (context, { server, summaries }) => {
  const item = window.createStatusBarItem('wasm-hazards.summary', StatusBarAlignment.Right, 100);
  item.name = 'Wasm Hazards';
  item.command = MENU;

  function update(): void {
    const uri = activeModule();
    if (uri === undefined) {
      item.hide();
      return;
    }
    const summary = summaries.of(uri);
    const name = baseName(uri);
    if (!summary) {
      item.text = `$(sync~spin) ${l10n.t('Analysing')}`;
      item.tooltip = titleText(l10n.t('Wasm Hazards is analysing {0}', name));
      item.accessibilityInformation = { label: l10n.t('Wasm Hazards is analysing {0}', name) };
      item.backgroundColor = undefined;
    } else {
      const words = verdictWords(summary);
      item.text = `$(${iconOf(summary)}) ${labelText(words)}`;
      item.tooltip = tooltipOf(summary, name);
      item.accessibilityInformation = { label: `Wasm Hazards: ${words}`, role: 'button' };
      item.backgroundColor =
        summary.problem && summary.exports > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    }
    item.show();
  }

  update();
  context.subscriptions.push(
    item,
    window.onDidChangeActiveTextEditor(update),
    window.tabGroups.onDidChangeTabs(update),
    window.tabGroups.onDidChangeTabGroups(update),
    summaries.onChange(update),
    server.onReset(update),
    registerCommand(MENU, () => {
      const uri = activeModule();
      return showMenu(uri, uri && summaries.of(uri));
    }),
  );
};

/** `Not safe: wazero, one instance`. */
function verdictWords({ verdict, host, model, problem }: ModuleSummary): string {
  if (verdict === undefined || (verdict.tone === 'nothing' && problem !== undefined)) return l10n.t('Not analysed');
  if (verdict.tone === 'nothing') return verdict.words;
  return l10n.t('{0}: {1}, {2}', verdict.words, host, shortModel(model));
}

/** A shield for what the analysis says of the module, a warning for what was shown or could not be read. */
function iconOf({ verdict, problem }: ModuleSummary): string {
  if (problem !== undefined || verdict === undefined) return 'warning';
  switch (verdict.tone) {
    case 'shown':
    case 'conflict':
      return 'warning';
    case 'possible':
    case 'host':
      return 'info';
    case 'none':
      return 'shield';
    case 'nothing':
      return 'circle-outline';
  }
}
