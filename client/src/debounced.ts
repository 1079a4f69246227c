/** Waits for the last of several changes of a file: builds write files in several steps. */
import type { Disposable, Uri } from 'vscode';

/** A change is told this long after the last one of its file. */
const DEBOUNCE_MS = 200;

/** Calls `work` once for each file of which `changed` tells, when its changes have ended; none after it is disposed. */
export function debounced(work: (uri: Uri) => void): Disposable & { changed(uri: Uri): void } {
  const due = new Map<string, NodeJS.Timeout>();
  return {
    changed(uri) {
      const key = uri.toString();
      clearTimeout(due.get(key));
      due.set(
        key,
        setTimeout(() => {
          due.delete(key);
          work(uri);
        }, DEBOUNCE_MS),
      );
    },
    dispose() {
      due.forEach(clearTimeout);
      due.clear();
    },
  };
}
