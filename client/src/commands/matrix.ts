/** `Show conflict matrix`: which exports conflict with which, as a picture in the report or as a read-only text. */
import { EventEmitter, l10n, type TextDocumentContentProvider, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Feature } from '../services.ts';
import { baseName } from '../uris.ts';
import { reportFailure } from './failure.ts';
import { known, targets } from './target.ts';
import { executeCommand, registerCommand } from './typedCommands.ts';

const SCHEME = 'wasm-hazards-matrix';

/** The query holds the binary's URI; the path is what the tab shows. */
const matrixUri = (binary: Uri): Uri =>
  Uri.from({ scheme: SCHEME, path: `${binary.path} conflicts`, query: binary.toString() });

/** Registers the commands and the provider of the texts, which follow every new analysis of their module. */
export const registerMatrix: Feature = (context, { server }) => {
  const changed = new EventEmitter<Uri>();
  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const binary = Uri.parse(uri.query, true);
      try {
        await known(binary);
        return (await server.request('wasmHazards/matrix', { uri: binary.toString() })).text;
      } catch (error) {
        reportFailure(server, l10n.t('The conflict matrix of {0} could not be loaded', baseName(binary)), error);
        return `${l10n.t('The conflict matrix of {0} could not be loaded: {1}', baseName(binary), (error as Error).message)}\n`;
      }
    },
  };

  async function show(clicked?: unknown, selected?: unknown): Promise<void> {
    for (const uri of await targets(clicked, selected))
      await executeCommand('wasm-hazards.openReport', uri.toString(), { section: 'matrix' });
  }

  async function showText(clicked?: unknown, selected?: unknown): Promise<void> {
    for (const uri of await targets(clicked, selected)) {
      await window.showTextDocument(matrixUri(uri), {
        viewColumn: ViewColumn.Beside,
        preview: true,
        preserveFocus: true,
      });
    }
  }

  /** Updates an open table when its module changes. */
  function follow(uri: string): void {
    for (const document of workspace.textDocuments) {
      if (document.uri.scheme === SCHEME && document.uri.query === Uri.parse(uri, true).toString())
        changed.fire(document.uri);
    }
  }

  context.subscriptions.push(
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, provider),
    server.onSummary(({ uri }) => follow(uri)),
    registerCommand('wasm-hazards.showMatrix', show),
    registerCommand('wasm-hazards.showMatrixText', showText),
  );
};
