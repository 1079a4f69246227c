/**
 * A client for tests: runs the real server from its sources in a process of its own, over the real
 * transport. All messages are kept in order, so that tests depend on order and not on time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { Diagnostic } from 'vscode-languageserver';
import { textUriOf } from '../../../core/text/documentUris.ts';
import type { Translations } from '../../../core/text/l10n.ts';
import { DEFAULT_SETTINGS } from '../defaultSettings.ts';
import type { ModuleSummary, ServerNotifications, ServerRequests, Settings } from '../protocol.ts';

const SERVER = join(import.meta.dirname, '../main.node.ts');

/** Something the server sent, in the order of arrival. */
export type Event =
  | { kind: 'diagnostics'; uri: string; diagnostics: Diagnostic[] }
  | { kind: 'summary'; summary: ModuleSummary }
  | { kind: 'reply'; to: string }
  | { kind: 'log'; message: string };

/** Typed by the protocol for our own requests, by the test for those of the language. */
interface SendRequest {
  <M extends keyof ServerRequests>(
    method: M,
    params: ServerRequests[M]['params'],
    name?: string,
  ): Promise<ServerRequests[M]['result']>;
  <R>(method: `textDocument/${string}`, params: object, name?: string): Promise<R>;
}

interface Notify {
  <M extends keyof ServerNotifications>(method: M, params: ServerNotifications[M]): void;
  (method: `textDocument/${string}` | `workspace/${string}` | 'initialized', params: object): void;
}

/** Milliseconds after which `event` rejects: only a server that hangs takes as long, however busy the machine is. */
export const PATIENCE_MS = 240_000;

/** A running server and what it has sent so far. */
export interface TestClient {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly events: Event[];
  /** What the server wrote to stdout; must be empty. */
  stdout(): string;
  /** Sends a request and notes its reply among the events as `name`. */
  request: SendRequest;
  notify: Notify;
  /** Asks for the text as VS Code does and opens the document. */
  open(uri: string, expand?: number[]): Promise<string>;
  /** The first event since `from` that fits; waits for it. */
  event<E extends Event>(fits: (event: Event) => event is E, from?: number): Promise<E>;
  stop(): Promise<void>;
}

/** For `TestClient.event`: a summary of the module at `uri`. */
export const isSummaryOf =
  (uri: string) =>
  (event: Event): event is Extract<Event, { kind: 'summary' }> =>
    event.kind === 'summary' && event.summary.uri === uri;

/** For `TestClient.event`: diagnostics of `uri`, at least `least` of them. */
export const isDiagnosticsOf =
  (uri: string, least = 0) =>
  (event: Event): event is Extract<Event, { kind: 'diagnostics' }> =>
    event.kind === 'diagnostics' && event.uri === uri && event.diagnostics.length >= least;

/**
 * Starts and initialises a server. `settings` are added to the defaults; `roots` are URIs of workspace folders;
 * `translations` are those of the client's language.
 */
export async function startServer(
  settings: Partial<Settings> = {},
  roots: string[] = [],
  translations?: Translations,
): Promise<TestClient> {
  const child = fork(SERVER, ['--node-ipc'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  const add = (event: Event): void => {
    events.push(event);
    for (const look of [...waiting]) look();
  };
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) =>
    add({ kind: 'diagnostics', uri, diagnostics }),
  );
  connection.onNotification('wasmHazards/summary', (summary: ModuleSummary) => add({ kind: 'summary', summary }));
  connection.onNotification('window/logMessage', ({ message }) => add({ kind: 'log', message }));
  connection.onRequest('workspace/codeLens/refresh', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.listen();

  const client: TestClient = {
    connection,
    process: child,
    events,
    stdout: () => stdout,
    async request<R>(method: string, params: object, name = method): Promise<R> {
      const reply = await connection.sendRequest<R>(method, params);
      add({ kind: 'reply', to: name });
      return reply;
    },
    notify: (method: string, params: object) => void connection.sendNotification(method, params),
    async open(uri, expand = []) {
      const { text = '' } = await client.request('wasmHazards/text', { uri, expand });
      client.notify('textDocument/didOpen', {
        textDocument: { uri: textUriOf(uri), languageId: 'wat', version: 1, text },
      });
      return text;
    },
    event<E extends Event>(fits: (event: Event) => event is E, from = 0): Promise<E> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const seen = events.map((event) => JSON.stringify(event).slice(0, 200)).join('\n');
          reject(new Error(`the server did not send what was waited for. Sent:\n${seen}\nstderr:\n${stderr}`));
        }, PATIENCE_MS);
        const look = (): void => {
          const found = events.slice(from).find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found as E);
        };
        waiting.add(look);
        look();
      });
    },
    async stop() {
      await connection.sendRequest('shutdown');
      const ended = new Promise((resolve) => child.once('exit', resolve));
      void connection.sendNotification('exit');
      await ended;
      connection.dispose();
    },
  };
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: roots[0] ?? null,
    workspaceFolders: roots.map((uri) => ({ uri, name: 'root' })),
    capabilities: {
      window: { workDoneProgress: true },
      workspace: { codeLens: { refreshSupport: true }, workspaceFolders: true },
    },
    initializationOptions: { settings: { ...DEFAULT_SETTINGS, ...settings }, translations },
  });
  void connection.sendNotification('initialized', {});
  return client;
}
