/**
 * What a click on a `.wasm` opens: a custom editor that replaces itself with the text of the binary.
 * VS Code does not open a binary as text; the text is an ordinary document, so search, split, copy
 * and all language features work on it.
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
import type { BinaryTexts } from './binaryTexts.ts';
import { isBinaryFile, isLeftToOthers, VIEW_TYPE } from './elsewhere.ts';

/** VS Code reports the tab of an editor a moment before or after it asks for the editor. */
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
  // VS Code does not tell extensions what a comparison of two custom editors shows.
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
  readonly #texts: BinaryTexts;
  readonly #onUse: () => void;

  /** `onUse` is called whenever VS Code asks for the editor. */
  constructor(texts: BinaryTexts, onUse: () => void) {
    this.#texts = texts;
    this.#onUse = onUse;
  }

  /** The first side of a comparison; VS Code opens the left one first. */
  #left: { uri: Uri; tab: Tab } | undefined;

  openCustomDocument(uri: Uri): CustomDocument {
    // VS Code takes a while until it asks for the text.
    this.#texts.prepare(toTextUri(uri));
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

  /** Replaces a comparison of two binaries with a comparison of their texts. */
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

/** Whether VS Code gave a binary to the text editor, which refuses to display it, and nobody asked for that. */
function isRefused({ input }: Tab): boolean {
  if (!(input instanceof TabInputText) || !isBinaryFile(input.uri) || isLeftToOthers()) return false;
  return !workspace.textDocuments.some(({ uri }) => `${uri}` === `${input.uri}`);
}

/**
 * VS Code with a new profile may open files before it knows about custom editors. Such tabs become texts here. Once
 * VS Code has asked for our editor, opening a file in another one is the user's choice.
 */
async function adoptRefused(tabs: readonly Tab[]): Promise<void> {
  for (const tab of tabs.filter(isRefused)) {
    const { viewColumn } = tab.group;
    await window.showTextDocument(toTextUri((tab.input as TabInputText).uri), {
      viewColumn,
      preview: tab.isPreview,
      preserveFocus: !tab.isActive,
    });
    // A preview tab is already replaced.
    if (window.tabGroups.all.some((group) => group.tabs.includes(tab))) await window.tabGroups.close(tab);
  }
}

/** Registers the custom editor. Also converts tabs that VS Code opened as plain text before it knew the editor. */
export const registerBinaryEditor: Feature = (context, { texts }) => {
  const early = window.tabGroups.onDidChangeTabs(({ opened }) => void adoptRefused(opened));
  const editor = new BinaryEditor(texts, () => early.dispose());
  void adoptRefused(window.tabGroups.all.flatMap((group) => group.tabs));
  context.subscriptions.push(
    early,
    window.registerCustomEditorProvider(VIEW_TYPE, editor, { supportsMultipleEditorsPerDocument: true }),
  );
};
