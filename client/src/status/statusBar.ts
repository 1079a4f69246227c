/** The status bar item of the active module: how many of its exports may be called concurrently. */
import { commands, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { FINDING_NAME, type StressFinding } from '../../../core/report/shown/shownText.ts';
import { number, plural } from '../../../core/text/phrases.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';
import { baseName, isSource, isText } from '../uris.ts';

const MENU = 'wasm-hazards.showMenu' satisfies CommandId;

/** Registers the item and its menu. The item is hidden unless a text or a source is active. */
export const registerStatusBar: Feature = (context, { server, summaries }) => {
  const item = window.createStatusBarItem('wasm-hazards.summary', StatusBarAlignment.Right, 100);
  item.name = 'Wasm Hazards';
  item.command = MENU;

  function update(): void {
    const document = window.activeTextEditor?.document;
    if (!isText(document) && !isSource(document)) {
      item.hide();
      return;
    }
    const summary = summaries.of(document.uri);
    const name = baseName(document.uri);
    if (!summary) {
      item.text = '$(sync~spin) Analysing';
      item.tooltip = `Wasm Hazards is analysing ${name}`;
      item.backgroundColor = undefined;
    } else {
      item.text = shortText(summary);
      item.tooltip = tooltip(summary, name);
      item.backgroundColor =
        summary.problem && summary.exports > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    }
    item.show();
  }

  update();
  context.subscriptions.push(
    item,
    window.onDidChangeActiveTextEditor(update),
    summaries.onChange(update),
    server.onReset(update),
    registerCommand(MENU, showMenu),
  );
};

function shortText(summary: ModuleSummary): string {
  if (summary.exports === 0) return summary.problem ? '$(warning) Not analysed' : '$(shield) No exported functions';
  const { stress, exports, withoutConflicts, problem } = summary;
  const findings = findingsOf(summary);
  if (findings.length > 0) {
    const icon = findings[0] === 'host-hazard' ? 'error' : 'warning';
    const shown = findings.map((one, i) => `${FINDING_NAME[one]}${i === 0 ? ' shown' : ''} in ${stress.found[one]}`);
    return `$(${icon}) ${shown.join(', ')} of ${plural(exports, 'export')}`;
  }
  const clean = stress.clean === 0 ? '' : `, no finding in ${stress.clean} stress-tested`;
  return `$(${problem ? 'warning' : 'shield'}) ${withoutConflicts} of ${plural(exports, 'export')} without conflicts${clean}`;
}

/** What stress tests have shown, the worst first. */
const findingsOf = ({ stress: { found } }: ModuleSummary): StressFinding[] =>
  (Object.keys(FINDING_NAME) as StressFinding[]).filter((finding) => (found[finding] ?? 0) > 0);

/** A line for each kind of finding, and what was run without any. */
function stressLines(summary: ModuleSummary): string[] {
  const { ran, clean, found } = summary.stress;
  if (ran === 0) return [];
  return [
    `${number(ran)} of ${plural(summary.exports, 'export')} run`,
    ...findingsOf(summary).map((finding) => `${FINDING_NAME[finding]} shown in ${number(found[finding] ?? 0)}`),
    ...(clean === 0
      ? []
      : [`no race or wrong outcome found in ${number(clean)}, exhaustive for the calls that were run`]),
  ];
}

function tooltip(summary: ModuleSummary, name: string): MarkdownString {
  const text = new MarkdownString();
  text.appendMarkdown('**').appendText(name).appendMarkdown('**  \n');
  text.appendText(
    `${plural(summary.bytes, 'byte')}, ${plural(summary.functions, 'function')}, analysed in ${Math.round(summary.milliseconds)} ms`,
  );
  if (summary.problem) text.appendMarkdown('\n\n').appendText(summary.problem);
  const classes = Object.entries(summary.classes).filter(([, exports]) => exports > 0);
  if (classes.length > 0)
    text.appendMarkdown(`\n\n${classes.map(([name, exports]) => `- ${number(exports)} ${name}`).join('\n')}`);
  const { error, warning, information } = summary.hazards;
  text.appendMarkdown(
    `\n\n${plural(error, 'error')}, ${plural(warning, 'warning')}, ${number(information)} information`,
  );
  const free = `${number(summary.withoutConflicts)} of ${plural(summary.exports, 'export')} without conflicts`;
  const stress = stressLines(summary);
  if (stress.length > 0) text.appendMarkdown(`\n\n${free}`);
  if (stress.length > 0) text.appendMarkdown(`\n\nStress tests:\n\n${stress.map((line) => `- ${line}`).join('\n')}`);
  text
    .appendMarkdown(`\n\nHost: ${HOST_PROFILES[summary.host].label}, ${summary.model}  \n`)
    .appendText(`(${summary.hostReason})`);
  return text;
}

async function showMenu(): Promise<void> {
  const items: { label: string; command: CommandId | `workbench.${string}`; argument?: string }[] = [
    { label: '$(table) Show conflict matrix', command: 'wasm-hazards.showMatrix' },
    { label: '$(server-environment) Select host profile', command: 'wasm-hazards.selectHostProfile' },
    { label: '$(refresh) Analyse module', command: 'wasm-hazards.analyseModule' },
    { label: '$(warning) Show problems', command: 'workbench.actions.view.problems' },
    {
      label: '$(gear) Open settings',
      command: 'workbench.action.openSettings',
      argument: '@ext:wasm-hazards.wasm-hazards',
    },
    { label: '$(output) Show output', command: 'wasm-hazards.showOutput' },
    { label: '$(debug-restart) Restart server', command: 'wasm-hazards.restartServer' },
  ];
  const picked = await window.showQuickPick(items, {
    title: 'Wasm Hazards',
    placeHolder: 'Select an action',
  });
  if (picked) await commands.executeCommand(picked.command, picked.argument);
}
