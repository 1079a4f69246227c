/** Shows reports in VS Code's Markdown preview. */
import { commands, EventEmitter, type ExtensionContext, l10n, Uri, window, workspace } from 'vscode';

const SCHEME = 'wasm-hazards-report';

/** Pages of this VS Code session. A page is forgotten when its document closes. */
export interface Reports {
  /** Opens a page; if one with this name is open, replaces its contents. */
  show(name: string, markdown: string): Promise<void>;
}

/** Registers the provider of the pages. Its scheme can be registered only once, so call this once per activation. */
export function createReports(context: ExtensionContext): Reports {
  const pages = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  context.subscriptions.push(
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) =>
        pages.get(uri.toString()) ??
        `${l10n.t('This report is from an earlier VS Code session. Open it again from the code lens of the export.')}\n`,
    }),
    workspace.onDidCloseTextDocument(({ uri }) => pages.delete(uri.toString())),
  );
  return {
    async show(name, markdown) {
      const uri = Uri.from({ scheme: SCHEME, path: `/${name}.md` });
      pages.set(uri.toString(), markdown);
      changed.fire(uri);
      try {
        await commands.executeCommand('markdown.showPreview', uri);
      } catch {
        await window.showTextDocument(uri); // The Markdown extension is disabled: show the source of the page.
      }
    },
  };
}
