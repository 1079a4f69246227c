/**
 * What opens on a click on a `.wasm`: a custom editor that gives way to the text of the binary, in
 * the same place of the same column. VS Code shows no binary as text by itself, and the text is an
 * ordinary document, so that search, split, copy and every language feature work on it.
 */
import {
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  commands,
  type Tab,
  TabInputCustom,
  TabInputText,
  type Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { Feature } from '../services.ts';
import { toTextUri } from '../uris.ts';

const VIEW_TYPE = 'wasm-hazards.binary';
/** The tab of an editor becomes known to extensions a moment before or after the editor itself. */
const TAB_PATIENCE_MS = 1000;

/** Where a binary was opened: in a tab of its own, or as one side of a comparison. */
type Place = { kind: 'tab'; tab: Tab } | { kind: 'comparison'; tab: Tab } | undefined;

function placeOf(uri: Uri): Place {
  const { activeTabGroup, all } = window.tabGroups;
  for (const { activeTab } of [activeTabGroup, ...all]) {
    const input = activeTab?.input;
    if (activeTab && input instanceof TabInputCustom && input.viewType === VIEW_TYPE && `${input.uri}` === `${uri}`) {
      return { kind: 'tab', tab: activeTab };
    }
  }
  // VS Code tells extensions nothing of what a comparison of two custom editors shows.
  const { activeTab } = activeTabGroup;
  return activeTab && activeTab.input === undefined ? { kind: 'comparison', tab: activeTab } : undefined;
}

function awaitPlace(uri: Uri): Promise<Place> {
  const found = placeOf(uri);
  if (found) return Promise.resolve(found);
  return new Promise((resolve) => {
    const end = (place: Place): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(place);
    };
    const timer = setTimeout(() => end(undefined), TAB_PATIENCE_MS);
    const subscription = window.tabGroups.onDidChangeTabs(() => {
      const place = placeOf(uri);
      if (place) end(place);
    });
  });
}

class BinaryEditor implements CustomReadonlyEditorProvider {
  readonly #onUse: () => void;

  /** `onUse` is told each time that VS Code asks for the editor. */
  constructor(onUse: () => void) {
    this.#onUse = onUse;
  }

  /** The side of a comparison that came first; VS Code makes the left one first. */
  #left: { uri: Uri; tab: Tab } | undefined;

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose() {} };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    this.#onUse();
    const place = await awaitPlace(uri);
    if (place?.kind === 'comparison') {
      await this.#compare(uri, place.tab);
      return;
    }
    // A preview tab is replaced by the next preview tab; a pinned one has to be closed.
    await window.showTextDocument(toTextUri(uri), {
      viewColumn: place?.tab.group.viewColumn ?? panel.viewColumn,
      preview: place?.tab.isPreview ?? false,
    });
    panel.dispose();
  }

  /** Two binaries side by side become their texts side by side. */
  async #compare(uri: Uri, tab: Tab): Promise<void> {
    const left = this.#left;
    if (left?.tab !== tab) {
      this.#left = { uri, tab };
      return;
    }
    this.#left = undefined;
    await commands.executeCommand('vscode.diff', toTextUri(left.uri), toTextUri(uri), tab.label, {
      viewColumn: tab.group.viewColumn,
      preview: tab.isPreview,
    });
    await window.tabGroups.close(tab);
  }
}

/** Schemes of real files; other extensions show `.wasm` under theirs. */
const FILE_SCHEMES = new Set(['file', 'vscode-remote', 'vscode-vfs', 'vscode-test-web']);

/** Whether a tab shows a binary as "not displayed": one that VS Code gave to the text editor, which refused it. */
function isRefused({ input }: Tab): boolean {
  if (!(input instanceof TabInputText) || !input.uri.path.endsWith('.wasm') || !FILE_SCHEMES.has(input.uri.scheme))
    return false;
  return !workspace.textDocuments.some(({ uri }) => `${uri}` === `${input.uri}`);
}

/**
 * In the first moments of a new profile VS Code opens files before it knows whose editors they need. Such tabs become
 * texts here; once our editor has been asked for, what a user opens otherwise is the user's choice.
 */
async function adoptRefused(tabs: readonly Tab[]): Promise<void> {
  for (const tab of tabs.filter(isRefused)) {
    const { viewColumn } = tab.group;
    await window.showTextDocument(toTextUri((tab.input as TabInputText).uri), {
      viewColumn,
      preview: tab.isPreview,
      preserveFocus: !tab.isActive,
    });
    // A preview tab has been replaced already.
    if (window.tabGroups.all.some((group) => group.tabs.includes(tab))) await window.tabGroups.close(tab);
  }
}

export const registerBinaryEditor: Feature = (context) => {
  const early = window.tabGroups.onDidChangeTabs(({ opened }) => void adoptRefused(opened));
  const editor = new BinaryEditor(() => early.dispose());
  void adoptRefused(window.tabGroups.all.flatMap((group) => group.tabs));
  context.subscriptions.push(
    early,
    window.registerCustomEditorProvider(VIEW_TYPE, editor, { supportsMultipleEditorsPerDocument: true }),
  );
};
