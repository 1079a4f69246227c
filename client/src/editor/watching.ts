/** Watches the binaries behind open texts, so that a build updates the text. */
import { Disposable, FileChangeType, RelativePattern, type TextDocument, Uri, workspace } from 'vscode';
import { GLUE_ENDS, SYMBOL_MAP_ENDS } from '../../../core/wasm/outerNames/files.ts';
import type { Feature } from '../services.ts';
import { baseName, isText, toBinaryUri, toFileUri } from '../uris.ts';

/** Watches the files beside a binary that may know its names. */
function watchNames(binary: Uri, changed: () => void): Disposable[] {
  const stem = /^(.+)\.wasm$/i.exec(baseName(binary))?.[1]?.replace(/[*?[\]{}]/g, '[$&]');
  if (stem === undefined) return [];
  const ends = [...GLUE_ENDS, ...SYMBOL_MAP_ENDS].map((end) => end.slice(1));
  const watcher = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.joinPath(binary, '..'), `${stem}.{${ends.join(',')}}`),
  );
  for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
    event((uri) => uri.scheme === binary.scheme && changed());
  return [watcher];
}

/** Keeps one file watcher for each open text, from when it opens until it closes. */
export const registerWatching: Feature = (context, { server, texts }) => {
  const watchers = new Map<string, Disposable>();

  function watch(document: TextDocument): void {
    const key = document.uri.toString();
    if (!isText(document) || watchers.has(key)) return;
    const binary = toBinaryUri(document.uri);
    const name = baseName(toFileUri(binary)).replace(/[*?[\]{}]/g, '[$&]');
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(binary, '..'), name));
    // Watchers match paths, not schemes: changes of the text itself arrive here, too.
    const about = (uri: Uri): boolean => uri.scheme === binary.scheme;
    const changed = (): void => {
      texts.forgetExpanded(document.uri);
      server.binaryChanged(binary.toString());
    };
    // The new text is announced when its analysis is done (`BinaryTexts`). Until then the editor
    // keeps the old text, whose diagnostics and hovers are still right.
    watcher.onDidChange((uri) => about(uri) && changed());
    watcher.onDidCreate((uri) => {
      if (!about(uri)) return;
      changed();
      texts.announce(document.uri, FileChangeType.Created);
    });
    watcher.onDidDelete((uri) => {
      if (!about(uri)) return;
      changed();
      texts.announce(document.uri, FileChangeType.Deleted);
    });
    watchers.set(key, Disposable.from(watcher, ...watchNames(binary, changed)));
  }

  function unwatch(document: TextDocument): void {
    watchers.get(document.uri.toString())?.dispose();
    watchers.delete(document.uri.toString());
  }

  workspace.textDocuments.forEach(watch);
  context.subscriptions.push(workspace.onDidOpenTextDocument(watch), workspace.onDidCloseTextDocument(unwatch), {
    dispose: () => {
      for (const watcher of watchers.values()) watcher.dispose();
    },
  });
};
