/**
 * Connection and wiring: a table of features, each of which says what it can do and how a request
 * is answered from a finished document.
 */
import {
  CodeLensRefreshRequest,
  type Connection,
  type InitializeParams,
  ResponseError,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { fileName } from './binary.ts';
import { textOf } from './documentState.ts';
import { DocumentStore } from './documents.ts';
import { exportItems } from './exportItems.ts';
import { matrixText } from './features/matrix.ts';
import { languageCapabilities, registerLanguageFeatures } from './languageFeatures.ts';
import { longWork } from './longWork.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { Sources } from './produce.ts';
import {
  AnalyseRequest,
  BinaryChangedNotification,
  DEFAULT_SETTINGS,
  type ExportParams,
  ExportRequest,
  type LocateParams,
  LocateRequest,
  type LocateResult,
  MatrixRequest,
  type ModuleSummary,
  type Settings,
  SettingsNotification,
  SummaryNotification,
  type TextParams,
  TextRequest,
  type TextResult,
  type UriParams,
} from './protocol.ts';
import { publish } from './publishing.ts';
import { summaryOf } from './summary.ts';

/** What differs between platforms. */
export interface Platform {
  /** Called once, when the client has said what it is. */
  sources(connection: Connection, roots: () => readonly string[]): Sources;
}

/** Request failed: the message is for the user (LSP: `RequestFailed`). */
const REQUEST_FAILED = -32803;

export function startServer(connection: Connection, platform: Platform): void {
  let store: DocumentStore | undefined;
  let sources: Sources | undefined;
  let roots: string[] = [];

  connection.onInitialize((params: InitializeParams) => {
    const client = params.capabilities;
    roots = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    sources = platform.sources(connection, () => roots);
    const settings: Settings = { ...DEFAULT_SETTINGS, ...params.initializationOptions?.settings };
    store = createStore(connection, sources, settings, {
      progress: client.window?.workDoneProgress === true,
      refreshLenses: client.workspace?.codeLens?.refreshSupport === true,
      refreshHints: client.workspace?.inlayHint?.refreshSupport === true,
    });
    wire(connection, store);
    const capabilities: ServerCapabilities = {
      ...languageCapabilities(),
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Full },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    return { capabilities, serverInfo: { name: 'wasm-hazards' } };
  });

  connection.onInitialized(() => {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      roots = [...roots.filter((root) => !gone.has(root)), ...added.map(({ uri }) => uri)];
      store?.hostsMayDiffer();
    });
  });

  connection.onShutdown(async () => {
    store?.dispose();
    await sources?.runner.dispose();
  });
}

interface ClientSupport {
  progress: boolean;
  refreshLenses: boolean;
  refreshHints: boolean;
}

function createStore(
  connection: Connection,
  sources: Sources,
  settings: Settings,
  support: ClientSupport,
): DocumentStore {
  const store: DocumentStore = new DocumentStore(
    sources,
    {
      started: (entry) =>
        longWork(connection, support.progress, `Analysing ${fileName(entry.uri)}`, () => store.finishEarly(entry.uri)),
      finished(entry) {
        publish(connection, entry);
        refresh();
        if (entry.state) void connection.sendNotification(SummaryNotification, summaryOf(entry.state, store.settings));
      },
      shownChanged(entry) {
        publish(connection, entry);
        if (entry.shown) refresh();
      },
      failed(entry, error) {
        connection.console.error(`${entry.uri}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      },
    },
    settings,
  );
  /** What VS Code asked for before there was a document, or for an older one. */
  function refresh(): void {
    if (support.refreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
    if (support.refreshHints) void connection.languages.inlayHint.refresh();
  }
  return store;
}

/** Requests and notifications of our own, then the table of language features. */
function wire(connection: Connection, store: DocumentStore): void {
  connection.onDidOpenTextDocument(({ textDocument }) => store.opened(textDocument.uri, textDocument.text));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const last = contentChanges.at(-1);
    if (last) store.opened(textDocument.uri, last.text);
  });
  connection.onDidCloseTextDocument(({ textDocument }) => store.closed(textDocument.uri));
  connection.onDidChangeWatchedFiles(() => store.hostsMayDiffer());
  connection.onNotification(BinaryChangedNotification, ({ uri }: UriParams) => store.binaryChanged(uri));
  connection.onNotification(SettingsNotification, (settings: Settings) =>
    store.configure({ ...DEFAULT_SETTINGS, ...settings }),
  );

  connection.onRequest(TextRequest, async ({ uri, expand }: TextParams): Promise<TextResult> => {
    const state = await store.textState(uri, expand);
    return { text: textOf(state), bytes: state.bytes, mtime: state.mtime };
  });
  connection.onRequest(AnalyseRequest, async ({ uri }: UriParams): Promise<ModuleSummary> => {
    return summaryOf(await store.again(uri), store.settings);
  });
  connection.onRequest(MatrixRequest, async ({ uri }: UriParams) => ({ text: matrixText(await document(store, uri)) }));
  connection.onRequest(ExportRequest, async ({ uri, exportName }: ExportParams) =>
    exportItems(await document(store, uri), exportName),
  );
  connection.onRequest(LocateRequest, async ({ uri, offset }: LocateParams): Promise<LocateResult> => {
    const { map } = await document(store, uri);
    return { range: map.rangeOf(offset) ?? null, elidedFunction: map.elidedFunctionOf(offset) ?? null };
  });

  registerLanguageFeatures(connection, {
    now: (uri) => store.shown(uri),
    first: (uri) => store.firstShown(uri),
  });
}

/** The document of a binary. Throws what the user should read when there is none. */
async function document(store: DocumentStore, uri: string): Promise<ModuleDocument> {
  const state = await store.state(uri);
  if (state.kind === 'unreadable') throw new ResponseError(REQUEST_FAILED, state.message);
  return state.doc;
}
