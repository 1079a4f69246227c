/** The connection to the client, typed by `protocol.ts`. */
import type { Connection } from 'vscode-languageserver';
import type { ClientNotifications, ClientRequests, ServerNotifications, ServerRequests } from './protocol.ts';

/** Registers the handler of a request. The client receives what `answer` rejects with. */
export function onRequest<M extends keyof ServerRequests>(
  connection: Connection,
  method: M,
  answer: (params: ServerRequests[M]['params']) => Promise<ServerRequests[M]['result']>,
): void {
  connection.onRequest<unknown, unknown>(method, answer as (params: unknown) => Promise<unknown>);
}

/** Registers the handler of a notification from the client. */
export function onNotification<M extends keyof ServerNotifications>(
  connection: Connection,
  method: M,
  take: (params: ServerNotifications[M]) => void,
): void {
  connection.onNotification(method, take);
}

/** Sends a request to the client. Rejects with the client's error. */
export const request = <M extends keyof ClientRequests>(
  connection: Connection,
  method: M,
  params: ClientRequests[M]['params'],
): Promise<ClientRequests[M]['result']> => connection.sendRequest<ClientRequests[M]['result']>(method, params);

/** Sends a notification to the client. */
export const notify = <M extends keyof ClientNotifications>(
  connection: Connection,
  method: M,
  params: ClientNotifications[M],
): void => void connection.sendNotification(method, params);
