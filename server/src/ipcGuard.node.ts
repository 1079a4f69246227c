/**
 * A guard for messages that come by IPC. There vscode-jsonrpc handles a cancellation as it arrives and throws where it has
 * no id, which would end the process; on a stream it only logs.
 */

/** Makes cancellations without an id notifications that nobody handles. To be called before the connection listens. */
export function guardCancellations(): void {
  if (process.send === undefined) return;
  process.prependListener('message', (message: unknown) => {
    if (isCancellation(message) && !hasId(message.params)) message.method = '$/cancelRequestWithoutId';
  });
}

interface Cancellation {
  method: string;
  params?: unknown;
}

const isCancellation = (message: unknown): message is Cancellation =>
  typeof message === 'object' && message !== null && (message as Partial<Cancellation>).method === '$/cancelRequest';

function hasId(params: unknown): boolean {
  if (typeof params !== 'object' || params === null || !('id' in params)) return false;
  return typeof params.id === 'string' || typeof params.id === 'number';
}
