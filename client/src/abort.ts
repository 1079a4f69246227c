/** VS Code cancels with tokens, workers with signals. */
import type { CancellationToken } from 'vscode';

/** A signal that the token aborts, or `abort`; `dispose` when what it ends is over. */
export function abortedBy(token: CancellationToken): { signal: AbortSignal; abort(): void; dispose(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const subscription = token.onCancellationRequested(abort);
  if (token.isCancellationRequested) abort();
  return { signal: controller.signal, abort, dispose: () => subscription.dispose() };
}
