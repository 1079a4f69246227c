/** Clears results when the contents of their module change. */
import { type Disposable, type Uri, workspace } from 'vscode';
import { contentKey } from '../../../../core/wasm/contentKey.ts';
import { debounced } from '../../debounced.ts';
import { isSource, isSourceUri, isText, toBinaryUri } from '../../uris.ts';
import type { ModuleInfo } from '../moduleInfo.ts';
import { fileContent, readContent } from './moduleContent.ts';
import type { StressResults } from './stressResults.ts';

/**
 * A binary changes on disk; a source changes in the editor, or on disk while it is not open. A file event can be late, or
 * be about a file that was written with the same contents, so the contents decide.
 */
export function forgetChanged(results: StressResults): Disposable[] {
  const watcher = workspace.createFileSystemWatcher('**/*.{wasm,wat,wast}');
  const look = async (uri: Uri): Promise<void> => {
    const content = results.contentOf(uri);
    if (content === undefined) return;
    const now = await fileContent(uri);
    // A run that began meanwhile is about what the file is now.
    if (now === content || results.contentOf(uri) !== content) return;
    results.forget(uri);
  };
  const due = debounced((uri) => void look(uri));
  const written = (uri: Uri): void => {
    if (!isOpenSource(uri)) due.changed(uri);
  };
  return [
    watcher,
    watcher.onDidChange(written),
    watcher.onDidCreate(written),
    watcher.onDidDelete(written),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const { uri } = document;
      if (contentChanges.length === 0) return;
      // The text of a binary also changes when a body is shown. Of a binary outside of the workspace only this tells.
      if (isText(document)) written(toBinaryUri(uri));
      else if (isSource(document)) results.forget(uri);
    }),
    due,
  ];
}

/** Notes what a run is about. A binary that changed while it was read is another one already, and no event may follow. */
export async function runBegins(results: StressResults, info: ModuleInfo): Promise<void> {
  const content = readContent(info);
  results.runsOn(info.uri, content, contentKey(info.bytes));
  if (!isSourceUri(info.uri) && (await fileContent(info.uri)) !== content) results.forget(info.uri);
}

/** Its document reports changes, and may differ from the file. */
const isOpenSource = (uri: Uri): boolean =>
  isSourceUri(uri) && workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
