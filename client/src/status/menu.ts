/** The menu behind the status bar item: all that can be done with a module, in groups. */
import { commands, l10n, type QuickPickItem, QuickPickItemKind, type Uri, window, workspace } from 'vscode';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { baseName } from '../uris.ts';
import { shortModel } from './shortModel.ts';

interface Action extends QuickPickItem {
  command: CommandId | `workbench.${string}`;
  argument?: unknown;
}

/** `uri`: the module in the active editor; undefined where there is none. */
export async function showMenu(uri: Uri | undefined, summary: ModuleSummary | undefined): Promise<void> {
  const items = [...moduleActions(uri), ...hostActions(summary), ...resultActions(), ...otherActions(uri)];
  const picked = await window.showQuickPick(items, {
    title: uri === undefined ? l10n.t('Wasm Hazards') : l10n.t('Wasm Hazards: {0}', baseName(uri)),
    placeHolder: summary?.verdict?.line ?? l10n.t('Select an action'),
    matchOnDescription: true,
  });
  if (picked !== undefined && isAction(picked)) await commands.executeCommand(picked.command, picked.argument);
}

const isAction = (item: QuickPickItem): item is Action => 'command' in item;

const group = (label: string, actions: readonly Action[]): (QuickPickItem | Action)[] =>
  actions.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...actions];

/** Actions that run code are there in a trusted workspace only. */
function moduleActions(uri: Uri | undefined): (QuickPickItem | Action)[] {
  if (uri === undefined) return [];
  const argument = uri.toString();
  const runs: Action[] = workspace.isTrusted
    ? [
        { label: `$(beaker) ${l10n.t('Stress test module')}`, command: 'wasm-hazards.stressModule', argument },
        { label: `$(verified) ${l10n.t('Verify on wazero')}`, command: 'wasm-hazards.verifyModule', argument },
        { label: `$(new-file) ${l10n.t('Create scenario')}`, command: 'wasm-hazards.createScenario', argument },
      ]
    : [];
  return group(l10n.t('Module'), [
    { label: `$(book) ${l10n.t('Open report')}`, command: 'wasm-hazards.openReport', argument },
    { label: `$(table) ${l10n.t('Show conflict matrix')}`, command: 'wasm-hazards.showMatrix', argument },
    ...runs.slice(0, 1),
    { label: `$(code) ${l10n.t('Generate concurrency wrapper')}`, command: 'wasm-hazards.generateWrapper', argument },
    ...runs.slice(1),
    { label: `$(refresh) ${l10n.t('Analyse module')}`, command: 'wasm-hazards.analyseModule', argument },
  ]);
}

function hostActions(summary: ModuleSummary | undefined): (QuickPickItem | Action)[] {
  return group(l10n.t('Host'), [
    {
      label: `$(server-environment) ${l10n.t('Select host profile')}`,
      description: summary && HOST_PROFILES[summary.host].label,
      command: 'wasm-hazards.selectHostProfile',
    },
    {
      label: `$(references) ${l10n.t('Select sharing model')}`,
      description: summary && shortModel(summary.model),
      command: 'wasm-hazards.selectSharingModel',
    },
  ]);
}

function resultActions(): (QuickPickItem | Action)[] {
  return group(l10n.t('Results'), [
    { label: `$(warning) ${l10n.t('Show problems')}`, command: 'workbench.actions.view.problems' },
    { label: `$(clear-all) ${l10n.t('Clear stress results')}`, command: 'wasm-hazards.clearStressResults' },
    { label: `$(output) ${l10n.t('Show stress output')}`, command: 'wasm-hazards.showStressOutput' },
  ]);
}

function otherActions(uri: Uri | undefined): (QuickPickItem | Action)[] {
  return group(l10n.t('Extension'), [
    {
      label: `$(gear) ${l10n.t('Open settings')}`,
      command: 'workbench.action.openSettings',
      argument: '@ext:wasm-hazards.wasm-hazards',
    },
    { label: `$(output) ${l10n.t('Show output')}`, command: 'wasm-hazards.showOutput' },
    ...(uri === undefined
      ? []
      : [{ label: `$(debug-restart) ${l10n.t('Restart server')}`, command: 'wasm-hazards.restartServer' as const }]),
  ]);
}
