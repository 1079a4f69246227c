/** The connection to the server, for requests and notifications of our own by the types of the protocol. */
import type { Disposable } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type {
  ClientNotifications,
  ClientRequests,
  ServerNotifications,
  ServerRequests,
} from '../../server/src/protocol.ts';

/** Asks the server. Rejects with the server's error, which is for the user. */
export const sendRequest = <M extends keyof ServerRequests>(
  client: LanguageClient,
  method: M,
  params: ServerRequests[M]['params'],
): Promise<ServerRequests[M]['result']> => client.sendRequest<ServerRequests[M]['result']>(method, params);

/** Tells the server; nothing waits for it. */
export const sendNotification = <M extends keyof ServerNotifications>(
  client: LanguageClient,
  method: M,
  params: ServerNotifications[M],
): void => void client.sendNotification(method, params);

/** Answers a request of the server. */
export const answerRequest = <M extends keyof ClientRequests>(
  client: LanguageClient,
  method: M,
  answer: (params: ClientRequests[M]['params']) => Promise<ClientRequests[M]['result']>,
): Disposable => client.onRequest<unknown, unknown>(method, answer as (params: unknown) => Promise<unknown>);

export const takeNotification = <M extends keyof ClientNotifications>(
  client: LanguageClient,
  method: M,
  take: (params: ClientNotifications[M]) => void,
): Disposable => client.onNotification(method, take);
