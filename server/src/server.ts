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
import { fileName } from '../../core/source/binary.ts';
import { TEXT_SCHEME } from '../../core/text/documentUris.ts';
import { DEFAULT_SETTINGS } from './defaultSettings.ts';
import { textOf } from './documents/documentState.ts';
import { DocumentStore } from './documents/documents.ts';
import { exportItems } from './documents/exportItems.ts';
import type { ModuleDocument } from './documents/moduleDocument.ts';
import type { Sources } from './documents/produce.ts';
import { publish } from './documents/publishing.ts';
import { splitModuleUri } from './documents/sourceDocument.ts';
import { clearSource, publishSource } from './documents/sourcePublishing.ts';
import { type SourcePlatform, SourceStore } from './documents/sourceStore.ts';
import { sourceSummary } from './documents/sourceSummary.ts';
import { sourceView } from './documents/sourceView.ts';
import { stressModule } from './documents/stressModule.ts';
import { summaryOf } from './documents/summary.ts';
import { matrixText } from './features/matrix.ts';
import type { EditSupport } from './features/watEdits.ts';
import { languageCapabilities, registerLanguageFeatures, type Shown, viewOf } from './languageFeatures.ts';
import type {
  ExportParams,
  LocateParams,
  LocateResult,
  ModuleSummary,
  Settings,
  StressModule,
  TextParams,
  TextResult,
  UriParams,
} from './protocol.ts';
import { longWork } from './threads/longWork.ts';

/** What differs between platforms. */
export interface Platform {
  /** Called once, when the client has said what it is. */
  sources(connection: Connection, roots: () => readonly string[]): Sources & SourcePlatform;
}

/** Request failed: the message is for the user (LSP: `RequestFailed`). */
const REQUEST_FAILED = -32803;

/** Binaries, whose texts are printed here, and sources, whose texts are the editor's. */
interface Stores {
  binaries: DocumentStore;
  sources: SourceStore;
}

/** A text that this server printed from a binary. */
const isPrinted = (uri: string): boolean => uri.startsWith(`${TEXT_SCHEME}:`);

/** A module's own text, or one of the modules in it. */
function isSource({ sources }: Stores, uri: string): boolean {
  const { uri: text } = splitModuleUri(uri);
  return !isPrinted(uri) && (/\.(?:wat|wast)$/i.test(text.replace(/[?#].*$/s, '')) || sources.get(text) !== undefined);
}

export function startServer(connection: Connection, platform: Platform): void {
  let stores: Stores | undefined;
  let sources: (Sources & SourcePlatform) | undefined;
  let roots: string[] = [];

  connection.onInitialize((params: InitializeParams) => {
    const client = params.capabilities;
    roots = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    const given = platform.sources(connection, () => roots);
    sources = given;
    const settings: Settings = { ...DEFAULT_SETTINGS, ...params.initializationOptions?.settings };
    const support: ClientSupport = {
      progress: client.window?.workDoneProgress === true,
      refreshLenses: client.workspace?.codeLens?.refreshSupport === true,
      refreshHints: client.workspace?.inlayHint?.refreshSupport === true,
    };
    stores = {
      binaries: createStore(connection, given, settings, support),
      sources: createSourceStore(connection, given, settings, support),
    };
    const edits = client.workspace?.workspaceEdit;
    wire(connection, stores, {
      documentChanges: edits?.documentChanges === true,
      snippets: edits?.snippetEditSupport === true,
    });
    const capabilities: ServerCapabilities = {
      ...languageCapabilities(),
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    return { capabilities, serverInfo: { name: 'wasm-hazards' } };
  });

  connection.onInitialized(() => {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      roots = [...roots.filter((root) => !gone.has(root)), ...added.map(({ uri }) => uri)];
      stores?.binaries.hostsMayDiffer();
      stores?.sources.hostsMayDiffer();
    });
  });

  connection.onShutdown(async () => {
    stores?.binaries.dispose();
    stores?.sources.dispose();
    await Promise.all([sources?.runner.dispose(), sources?.disposeSources()]);
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
        refresh(connection, support);
        if (entry.state)
          void connection.sendNotification('wasmHazards/summary', summaryOf(entry.state, store.settings));
      },
      shownChanged(entry) {
        publish(connection, entry);
        if (entry.shown) refresh(connection, support);
      },
      failed(entry, error) {
        connection.console.error(`${entry.uri}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      },
    },
    settings,
  );
  return store;
}

function createSourceStore(
  connection: Connection,
  platform: SourcePlatform,
  settings: Settings,
  support: ClientSupport,
): SourceStore {
  const store: SourceStore = new SourceStore(
    platform,
    {
      started: (entry) =>
        longWork(connection, support.progress, `Analysing ${fileName(entry.uri)}`, () => store.finishEarly(entry.uri)),
      finished(entry) {
        publishSource(connection, entry);
        refresh(connection, support);
        void connection.sendNotification('wasmHazards/summary', sourceSummary(entry, store.settings));
      },
      closed: (entry) => clearSource(connection, entry),
      note: (message) => connection.console.info(message),
      failed(entry, error) {
        connection.console.error(`${entry.uri}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      },
    },
    settings,
  );
  return store;
}

/** What VS Code asked for before there was a document, or for an older one. */
function refresh(connection: Connection, support: ClientSupport): void {
  if (support.refreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
  if (support.refreshHints) void connection.languages.inlayHint.refresh();
}

/** Requests and notifications of our own, then the table of language features. */
function wire(connection: Connection, stores: Stores, support: EditSupport): void {
  const { binaries, sources } = stores;
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    if (isPrinted(uri)) binaries.opened(uri, text);
    else sources.opened(uri, version, text);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    if (isPrinted(uri)) binaries.edited(uri, contentChanges);
    else sources.changed(uri, version, contentChanges);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (isPrinted(uri)) binaries.closed(uri);
    else sources.closed(uri);
  });
  connection.onDidChangeWatchedFiles(() => {
    binaries.hostsMayDiffer();
    sources.hostsMayDiffer();
  });
  connection.onNotification('wasmHazards/binaryChanged', ({ uri }: UriParams) => binaries.binaryChanged(uri));
  connection.onNotification('wasmHazards/settings', (settings: Settings) => {
    binaries.configure({ ...DEFAULT_SETTINGS, ...settings });
    sources.configure({ ...DEFAULT_SETTINGS, ...settings });
  });

  connection.onRequest('wasmHazards/text', async ({ uri, expand }: TextParams): Promise<TextResult> => {
    const state = await binaries.textState(uri, expand);
    return { text: textOf(state), bytes: state.bytes, mtime: state.mtime };
  });
  connection.onRequest('wasmHazards/analyse', async ({ uri }: UriParams): Promise<ModuleSummary> => {
    if (!isSource(stores, uri)) return summaryOf(await binaries.again(uri), binaries.settings);
    const entry = await sources.again(splitModuleUri(uri).uri);
    if (!entry) throw new ResponseError(REQUEST_FAILED, `${fileName(uri)} is not open.`);
    return sourceSummary(entry, sources.settings);
  });
  connection.onRequest('wasmHazards/matrix', async ({ uri }: UriParams) => ({
    text: matrixText(await document(stores, uri)),
  }));
  connection.onRequest('wasmHazards/export', async ({ uri, exportName }: ExportParams) =>
    exportItems(await document(stores, uri), exportName),
  );
  connection.onRequest(
    'wasmHazards/stressModule',
    async ({ uri }: UriParams): Promise<StressModule> => stressModule(await document(stores, uri), base64),
  );
  connection.onRequest('wasmHazards/locate', async ({ uri, offsets }: LocateParams): Promise<LocateResult> => {
    const { map } = await document(stores, uri);
    const moves = isSource(stores, uri);
    return {
      ranges: offsets.map((offset) => {
        const range = map.rangeOf(offset);
        return (range && (moves ? sources.rangeToNow(uri, range) : range)) ?? null;
      }),
      elidedFunctions: offsets.map((offset) => map.elidedFunctionOf(offset) ?? null),
    };
  });

  const shown: Shown = {
    now(uri) {
      if (!isPrinted(uri)) return sources.get(uri) && sourceView(sources.get(uri)!);
      const doc = binaries.shown(uri);
      return doc && viewOf(doc);
    },
    async first(uri) {
      if (!isPrinted(uri)) {
        const entry = await sources.first(uri);
        return entry && sourceView(entry);
      }
      const doc = await binaries.firstShown(uri);
      return doc && viewOf(doc);
    },
  };
  registerLanguageFeatures(connection, shown, support);
}

/** Base64 in any engine. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** The document of a binary or of a source. Throws what the user should read when there is none. */
async function document(stores: Stores, uri: string): Promise<ModuleDocument> {
  const { binaries, sources } = stores;
  if (isSource(stores, uri)) {
    const { uri: text, index } = splitModuleUri(uri);
    const entry = await sources.settled(text);
    const found = entry?.good[index];
    if (!found) throw new ResponseError(REQUEST_FAILED, `${fileName(text)} does not compile, or is not open.`);
    return found.doc;
  }
  const state = await binaries.state(uri);
  if (state.kind === 'unreadable') throw new ResponseError(REQUEST_FAILED, state.message);
  return state.doc;
}
