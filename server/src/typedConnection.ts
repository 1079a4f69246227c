/** The connection to the client, for requests and notifications of our own by the types of `protocol.ts`. */
import type { Connection } from 'vscode-languageserver';
import type { ClientNotifications, ClientRequests, ServerNotifications, ServerRequests } from './protocol.ts';

/** Answers a request of the client. What `answer` throws is the error that the client sees. */
export function onRequest<M extends keyof ServerRequests>(
  connection: Connection,
  method: M,
  answer: (params: ServerRequests[M]['params']) => Promise<ServerRequests[M]['result']>,
): void {
  connection.onRequest<unknown, unknown>(method, answer as (params: unknown) => Promise<unknown>);
}

export function onNotification<M extends keyof ServerNotifications>(
  connection: Connection,
  method: M,
  take: (params: ServerNotifications[M]) => void,
): void {
  connection.onNotification(method, take);
}

/** Asks the client. Rejects with the client's error. */
export const request = <M extends keyof ClientRequests>(
  connection: Connection,
  method: M,
  params: ClientRequests[M]['params'],
): Promise<ClientRequests[M]['result']> => connection.sendRequest<ClientRequests[M]['result']>(method, params);

/** Tells the client; nothing waits for it. */
export const notify = <M extends keyof ClientNotifications>(
  connection: Connection,
  method: M,
  params: ClientNotifications[M],
): void => void connection.sendNotification(method, params);
