/** Clears results when their module changes. */
import { type Disposable, type Uri, workspace } from 'vscode';
import { isSourceUri, toBinaryUri } from '../../uris.ts';
import type { StressResults } from './stressResults.ts';

/** A binary changes on disk; a source changes in the editor, or on disk while it is not open. */
export function forgetChanged(results: StressResults): Disposable[] {
  const watcher = workspace.createFileSystemWatcher('**/*.{wasm,wat,wast}');
  const gone = (uri: Uri): void => {
    if (!isOpenSource(uri)) results.forget(uri);
  };
  return [
    watcher,
    watcher.onDidChange(gone),
    watcher.onDidDelete(gone),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document.uri.scheme !== 'output') results.forget(toBinaryUri(document.uri));
    }),
  ];
}

/** Its document reports changes, and may differ from the file. */
const isOpenSource = (uri: Uri): boolean =>
  isSourceUri(uri) && workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
