/** The connection to the server, typed by the protocol. */
import type { Disposable } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type {
  ClientNotifications,
  ClientRequests,
  ServerNotifications,
  ServerRequests,
} from '../../server/src/protocol.ts';

/** Sends a request to the server. Rejects with the server's error, whose message is for the user. */
export const sendRequest = <M extends keyof ServerRequests>(
  client: BaseLanguageClient,
  method: M,
  params: ServerRequests[M]['params'],
): Promise<ServerRequests[M]['result']> => client.sendRequest<ServerRequests[M]['result']>(method, params);

/** Sends a notification to the server. */
export const sendNotification = <M extends keyof ServerNotifications>(
  client: BaseLanguageClient,
  method: M,
  params: ServerNotifications[M],
): void => void client.sendNotification(method, params);

/** Registers the handler of a request of the server. */
export const answerRequest = <M extends keyof ClientRequests>(
  client: BaseLanguageClient,
  method: M,
  answer: (params: ClientRequests[M]['params']) => Promise<ClientRequests[M]['result']>,
): Disposable => client.onRequest<unknown, unknown>(method, answer as (params: unknown) => Promise<unknown>);

/** Registers the handler of a notification of the server, until the result is disposed of. */
export const takeNotification = <M extends keyof ClientNotifications>(
  client: BaseLanguageClient,
  method: M,
  take: (params: ClientNotifications[M]) => void,
): Disposable => client.onNotification(method, take);
