/** VS Code cancels with tokens, workers with abort signals. */
import type { CancellationToken } from 'vscode';

/** A signal that aborts when `token` is cancelled or `abort` is called. Call `dispose` once the work is done. */
export function abortedBy(token: CancellationToken): { signal: AbortSignal; abort(): void; dispose(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const subscription = token.onCancellationRequested(abort);
  if (token.isCancellationRequested) abort();
  return { signal: controller.signal, abort, dispose: () => subscription.dispose() };
}
