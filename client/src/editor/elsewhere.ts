/**
 * Binaries that editors of other extensions show. Such an extension may claim all `.wasm` files with
 * `workbench.editorAssociations`; findings, status and commands are there all the same.
 */
import { type Tab, TabInputCustom, TabInputText, type Uri, window, workspace } from 'vscode';
import type { Feature } from '../services.ts';

/** Our editor of binaries, which gives way to a text at once. */
export const VIEW_TYPE = 'wasm-hazards.binary';

/** Schemes of real files; other extensions show `.wasm` files under schemes of their own. */
const FILE_SCHEMES = new Set(['file', 'vscode-remote', 'vscode-vfs', 'vscode-test-web']);

/** Whether a file is a binary by its name. */
export const isBinaryFile = ({ path, scheme }: Uri): boolean => /\.wasm$/i.test(path) && FILE_SCHEMES.has(scheme);

/** The binary that a tab shows in an editor that is not ours; undefined for any other tab. */
export function binaryElsewhere(tab: Tab | undefined): Uri | undefined {
  const { input } = tab ?? {};
  const isOther = input instanceof TabInputText || (input instanceof TabInputCustom && input.viewType !== VIEW_TYPE);
  return isOther && isBinaryFile(input.uri) ? input.uri : undefined;
}

/** Whether the user, or another extension, has chosen another editor for binaries. */
export function isLeftToOthers(): boolean {
  const associations = workspace.getConfiguration('workbench').get<Record<string, string>>('editorAssociations', {});
  return Object.entries(associations).some(([pattern, editor]) => /\.wasm$/i.test(pattern) && editor !== VIEW_TYPE);
}

/** Tells the server of the binaries that were looked at in other editors, until their tabs are closed. */
export const registerElsewhere: Feature = (context, { server }) => {
  /** Tabs that a window restores are not read before somebody looks at them. */
  const seen = new Set<string>();
  let told: string[] = [];

  const tell = (): void => {
    server.openElsewhere(told).catch((error) => server.report(error));
  };
  const look = (): void => {
    const groups = window.tabGroups.all;
    for (const { activeTab } of groups) {
      const uri = binaryElsewhere(activeTab);
      if (uri !== undefined) seen.add(uri.toString());
    }
    const open = new Set(groups.flatMap(({ tabs }) => tabs.map((tab) => binaryElsewhere(tab)?.toString())));
    for (const uri of seen) if (!open.has(uri)) seen.delete(uri);
    const now = [...seen].sort();
    if (now.join('\n') === told.join('\n')) return;
    told = now;
    tell();
  };

  look();
  context.subscriptions.push(
    window.tabGroups.onDidChangeTabs(look),
    window.tabGroups.onDidChangeTabGroups(look),
    server.onStarted(() => {
      if (told.length > 0) tell();
    }),
  );
};
