/** The view `Modules` in its own container: the modules of the workspace with their verdicts, state and findings. */
import { commands, l10n, type Uri, window } from 'vscode';
import { number } from '../../../core/text/phrases.ts';
import { targets } from '../commands/target.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Feature } from '../services.ts';
import { analyseWorkspace } from './analyseWorkspace.ts';
import { KnownModules } from './knownModules.ts';
import { hasFindings } from './moduleText.ts';
import { ModuleTree } from './moduleTree.ts';
import type { ItemNode, TreeNode } from './nodes.ts';
import { joinTwins } from './twins.ts';

const VIEW = 'wasm-hazards.modules';
/** The badge is counted no more often. */
const PAUSE_MS = 250;

/** Registers the view and its commands. Files are looked for when the view has something to show. */
export const registerTree: Feature = (context, { server, results }) => {
  const modules = new KnownModules({ server, results });
  const tree = new ModuleTree(server, modules, context.workspaceState);
  const view = window.createTreeView<TreeNode>(VIEW, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
  });

  let timer: NodeJS.Timeout | undefined;
  const refresh = async (clicked?: unknown, selected?: unknown): Promise<void> => {
    for (const uri of await targets(clicked, selected)) await modules.refresh(uri);
  };

  context.subscriptions.push(
    modules,
    tree,
    view,
    view.onDidExpandElement(({ element }) => tree.unfold(element, true)),
    view.onDidCollapseElement(({ element }) => tree.unfold(element, false)),
    modules.onDidChange(() => {
      // While many modules are analysed, counting them each time would take longer than their analyses.
      timer ??= setTimeout(() => {
        timer = undefined;
        view.badge = badgeOf(modules);
      }, PAUSE_MS);
    }),
    { dispose: () => clearTimeout(timer) },
    registerCommand('wasm-hazards.analyseWorkspace', async () => {
      await commands.executeCommand(`${VIEW}.focus`);
      return analyseWorkspace(modules);
    }),
    registerCommand('wasm-hazards.refreshModule', refresh),
    registerCommand('wasm-hazards.showMoreItems', (node) => isItem(node) && tree.showMore(node)),
  );
};

const isItem = (value: unknown): value is ItemNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'item';

/** How many modules have findings; a source and its binary are one. */
function badgeOf(modules: KnownModules): { value: number; tooltip: string } | undefined {
  const all = modules.all();
  const withFindings = new Set(all.filter(hasFindings).map(({ uri }: { uri: Uri }) => uri.toString()));
  const value = joinTwins(all.map(({ uri }) => uri.toString())).filter(
    ({ main, twin }) => withFindings.has(main) || (twin !== undefined && withFindings.has(twin)),
  ).length;
  if (value === 0) return undefined;
  return {
    value,
    tooltip: value === 1 ? l10n.t('1 module with findings') : l10n.t('{0} modules with findings', number(value)),
  };
}
