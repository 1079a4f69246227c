/** The menu behind the status bar item: all that can be done with a module, in groups. */
import { commands, l10n, QuickPickItemKind, type Uri, workspace } from 'vscode';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import type { CommandId, ModuleSummary } from '../../../server/src/protocol.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { baseName } from '../uris.ts';
import { shortModel } from './shortModel.ts';

interface Action extends PickEntry {
  command: CommandId | `workbench.${string}`;
  argument?: unknown;
}

/** `uri`: the module in the active editor; undefined where there is none. */
export async function showMenu(uri: Uri | undefined, summary: ModuleSummary | undefined): Promise<void> {
  const items = [...moduleActions(uri), ...hostActions(summary), ...resultActions(), ...otherActions(uri)];
  const picked = await pick(items, {
    title: uri === undefined ? l10n.t('Wasm Hazards') : l10n.t('Wasm Hazards: {0}', baseName(uri)),
    placeHolder: summary?.verdict?.line ?? l10n.t('Select an action'),
    matchOnDescription: true,
  });
  if (picked !== undefined && isAction(picked)) await commands.executeCommand(picked.command, picked.argument);
}

const isAction = (item: PickEntry): item is Action => 'command' in item;

const group = (label: string, actions: readonly Action[]): (PickEntry | Action)[] =>
  actions.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...actions];

/** Actions that run code are there in a trusted workspace only. */
function moduleActions(uri: Uri | undefined): (PickEntry | Action)[] {
  if (uri === undefined) return [];
  const argument = uri.toString();
  const runs: Action[] = workspace.isTrusted
    ? [
        { icon: 'beaker', label: l10n.t('Stress test module'), command: 'wasm-hazards.stressModule', argument },
        { icon: 'verified', label: l10n.t('Verify on wazero'), command: 'wasm-hazards.verifyModule', argument },
        { icon: 'new-file', label: l10n.t('Create scenario'), command: 'wasm-hazards.createScenario', argument },
      ]
    : [];
  return group(l10n.t('Module'), [
    { icon: 'book', label: l10n.t('Open report'), command: 'wasm-hazards.openReport', argument },
    { icon: 'table', label: l10n.t('Show conflict matrix'), command: 'wasm-hazards.showMatrix', argument },
    ...runs.slice(0, 1),
    { icon: 'code', label: l10n.t('Generate concurrency wrapper'), command: 'wasm-hazards.generateWrapper', argument },
    ...runs.slice(1),
    { icon: 'refresh', label: l10n.t('Analyse module'), command: 'wasm-hazards.analyseModule', argument },
  ]);
}

function hostActions(summary: ModuleSummary | undefined): (PickEntry | Action)[] {
  return group(l10n.t('Host'), [
    {
      icon: 'server-environment',
      label: l10n.t('Select host profile'),
      description: summary && HOST_PROFILES[summary.host].label,
      command: 'wasm-hazards.selectHostProfile',
    },
    {
      icon: 'references',
      label: l10n.t('Select sharing model'),
      description: summary && shortModel(summary.model),
      command: 'wasm-hazards.selectSharingModel',
    },
  ]);
}

function resultActions(): (PickEntry | Action)[] {
  return group(l10n.t('Results'), [
    { icon: 'warning', label: l10n.t('Show problems'), command: 'workbench.actions.view.problems' },
    { icon: 'clear-all', label: l10n.t('Clear stress results'), command: 'wasm-hazards.clearStressResults' },
    { icon: 'output', label: l10n.t('Show stress output'), command: 'wasm-hazards.showStressOutput' },
  ]);
}

function otherActions(uri: Uri | undefined): (PickEntry | Action)[] {
  return group(l10n.t('Extension'), [
    {
      icon: 'gear',
      label: l10n.t('Open settings'),
      command: 'workbench.action.openSettings',
      argument: '@ext:wasm-hazards.wasm-hazards',
    },
    { icon: 'output', label: l10n.t('Show output'), command: 'wasm-hazards.showOutput' },
    ...(uri === undefined
      ? []
      : [{ icon: 'debug-restart', label: l10n.t('Restart server'), command: 'wasm-hazards.restartServer' as const }]),
  ]);
}
