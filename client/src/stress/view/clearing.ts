/** Takes results away when the module that they are of changes. */
import { type Disposable, type Uri, workspace } from 'vscode';
import { toBinaryUri } from '../../uris.ts';
import type { Results } from './results.ts';

export function forgetChanged(results: Results): Disposable[] {
  const watcher = workspace.createFileSystemWatcher('**/*.wasm');
  const gone = (uri: Uri): void => results.forget(uri);
  return [
    watcher,
    watcher.onDidChange(gone),
    watcher.onDidDelete(gone),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.scheme !== 'output') results.forget(toBinaryUri(document.uri));
    }),
  ];
}
