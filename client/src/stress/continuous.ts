/** Continuous runs: again whenever a file is saved that they are about. */
import { type CancellationToken, type Disposable, type TestRunRequest, type Uri, workspace } from 'vscode';
import { toBinaryUri } from '../uris.ts';

/** Calls `again` for every change of a file of the request, one call after the other, until the token ends it. */
export function continuously(request: TestRunRequest, token: CancellationToken, again: () => Promise<unknown>): void {
  const about = (uri: Uri): boolean =>
    request.include === undefined ||
    request.include.some((item) => item.uri !== undefined && toBinaryUri(item.uri).toString() === uri.toString());
  let running: Promise<unknown> = Promise.resolve();
  const changed = (uri: Uri): void => {
    if (about(uri)) running = running.then(again);
  };
  const watcher = workspace.createFileSystemWatcher('**/*.{wasm,wat,stress.json}');
  const subscriptions: Disposable[] = [watcher, watcher.onDidChange(changed)];
  token.onCancellationRequested(() => {
    for (const one of subscriptions) one.dispose();
  });
}
