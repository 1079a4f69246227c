/** What happens to a request when the server's process ends before it has answered. */
import { l10n } from 'vscode';
import { type BaseLanguageClient, ConnectionError, ErrorCodes, ResponseError, State } from 'vscode-languageclient';

/** Whether the connection was gone before there was an answer. */
const isLost = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected);

/**
 * Sends a request, and once more where the server has ended before it answered and was started again by the client: requests
 * only read. Rejects with what to do where it was not started again, as after several ends within minutes.
 */
export async function survivingLoss<T>(client: BaseLanguageClient, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isLost(error)) throw error;
    if (await runsAgain(client)) return send();
    const message = l10n.t('The server of Wasm Hazards has ended, and was not started again; run "Restart server"');
    throw new Error(message, { cause: error });
  }
}

/** Waits until the client has started the server again; false if it does not. */
const runsAgain = (client: BaseLanguageClient): Promise<boolean> =>
  new Promise((resolve) => {
    // The client still counts as running while it drops the connection.
    let ended = client.state !== State.Running;
    const look = (): void => {
      if (client.state !== State.Running) ended = true;
      // It is stopped for a moment before it starts again.
      if (client.state === State.Stopped) setTimeout(() => client.state === State.Stopped && decide(false));
      else if (client.state === State.StartFailed) decide(false);
      else if (client.state === State.Running && ended) decide(true);
    };
    const states = client.onDidChangeState(look);
    const decide = (runs: boolean): void => {
      states.dispose();
      resolve(runs);
    };
    look();
  });
