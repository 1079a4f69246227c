/** Connects the client to the store of documents: notifications, requests, language features. */
import {
  CodeLensRefreshRequest,
  type Connection,
  type InitializeParams,
  ResponseError,
  type ServerCapabilities,
  TextDocumentSyncKind,
  type WorkspaceFolder,
} from 'vscode-languageserver';
import { sourceOf } from '../../core/debug/moduleSource.ts';
import { answersOf, sourced } from '../../core/report/sourced.ts';
import { fileName } from '../../core/source/binary.ts';
import { t, useTranslations } from '../../core/text/l10n.ts';
import { settingsOf } from './defaultSettings.ts';
import { Unavailable } from './documents/liveDocument.ts';
import type { ModuleDocument } from './documents/moduleDocument.ts';
import type { Platform } from './documents/platform.ts';
import { createPublisher } from './documents/publishing.ts';
import { DocumentStore } from './documents/store.ts';
import { stressModule } from './documents/stressModule.ts';
import { exportItems } from './features/exportItems.ts';
import { exportsAt } from './features/exportsAt.ts';
import { matrixText } from './features/matrix.ts';
import { answerQuestion, reportOf } from './features/report.ts';
import { moduleItems } from './features/tree/moduleItems.ts';
import { moduleRow } from './features/tree/moduleRow.ts';
import type { EditSupport } from './features/watEdits.ts';
import { languageCapabilities, registerLanguageFeatures } from './languageFeatures.ts';
import { OpenOriginals } from './originals/openOriginals.ts';
import { codeOfLine, hoverOfLine, originalAt, originalsOf } from './originals/requests.ts';
import type { InitializationOptions, ServerRequests, Settings } from './protocol.ts';
import { longWork } from './threads/longWork.ts';
import { notify, onNotification, onRequest } from './typedConnection.ts';

/** Request failed: the message is for the user (LSP: `RequestFailed`). */
const REQUEST_FAILED = -32803;

/** `createPlatform` is called once, when the client initialises; `roots` returns the current workspace folders. */
export function startServer(
  connection: Connection,
  createPlatform: (roots: () => readonly string[], options: InitializationOptions) => Platform,
): void {
  let store: DocumentStore | undefined;
  let originals: OpenOriginals | undefined;
  let platform: Platform | undefined;
  let roots: string[] = [];

  connection.onInitialize((params: InitializeParams) => {
    roots = urisOf(params.workspaceFolders ?? []);
    const options: InitializationOptions = params.initializationOptions ?? {};
    // Before the first thread starts.
    useTranslations(options.translations);
    platform = createPlatform(() => roots, options);
    const settings = settingsOf(options.settings ?? {});
    store = createStore(connection, platform, settings, supportOf(params), (uri) => originals?.moduleChanged(uri));
    originals = createOriginals(connection, platform, store);
    registerDocuments(connection, store, originals);
    registerRequests(connection, store, originals, platform);
    registerLanguageFeatures(connection, store, editSupportOf(params));
    const capabilities: ServerCapabilities = {
      ...languageCapabilities(),
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    return { capabilities, serverInfo: { name: 'wasm-hazards' } };
  });

  connection.onInitialized(() => {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(urisOf(removed));
      roots = [...roots.filter((root) => !gone.has(root)), ...urisOf(added)];
      store?.foldersChanged();
      originals?.refresh();
    });
  });

  connection.onShutdown(async () => {
    store?.dispose();
    await platform?.runner.dispose();
  });
}

/** URIs of folders; a folder without one is none. */
const urisOf = (folders: readonly WorkspaceFolder[]): string[] =>
  folders.flatMap((folder) => (typeof folder?.uri === 'string' ? [folder.uri] : []));

/** Optional capabilities of the client. */
interface ClientSupport {
  progress: boolean;
  refreshLenses: boolean;
  refreshHints: boolean;
}

const supportOf = ({ capabilities: { window, workspace } }: InitializeParams): ClientSupport => ({
  progress: window?.workDoneProgress === true,
  refreshLenses: workspace?.codeLens?.refreshSupport === true,
  refreshHints: workspace?.inlayHint?.refreshSupport === true,
});

const editSupportOf = ({ capabilities: { workspace } }: InitializeParams): EditSupport => ({
  documentChanges: workspace?.workspaceEdit?.documentChanges === true,
  snippets: workspace?.workspaceEdit?.snippetEditSupport === true,
});

function createStore(
  connection: Connection,
  platform: Platform,
  settings: Settings,
  support: ClientSupport,
  moduleChanged: (uri: string) => void,
): DocumentStore {
  const publish = createPublisher(connection);
  /** Makes VS Code ask again for lenses and hints that it got from an older state. */
  const refresh = (): void => {
    if (support.refreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
    if (support.refreshHints) void connection.languages.inlayHint.refresh();
  };
  return new DocumentStore(
    platform,
    {
      started: ({ uri }, finishEarly) =>
        longWork(connection, support.progress, t('Analysing {0}', fileName(uri)), finishEarly),
      provisional(document) {
        publish(document);
        refresh();
      },
      finished(document) {
        publish(document);
        refresh();
        const summary = document.summary();
        if (summary) notify(connection, 'wasmHazards/summary', summary);
        moduleChanged(document.uri);
      },
      stressed(document) {
        refresh();
        const summary = document.summary();
        if (summary) notify(connection, 'wasmHazards/summary', { ...summary, about: 'stress' });
        moduleChanged(document.uri);
      },
      sourcesRead(document) {
        publish(document);
        if (document.view()) refresh();
      },
      shownChanged(document) {
        publish(document);
        if (document.view()) refresh();
      },
      note: (message) => connection.console.info(message),
      failed({ uri }, error) {
        connection.console.error(`${uri}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      },
    },
    settings,
  );
}

/** Findings at the lines of the files that modules were compiled from. */
function createOriginals(connection: Connection, platform: Platform, store: DocumentStore): OpenOriginals {
  return new OpenOriginals({
    module: (uri) => store.module(uri),
    isAnalysed: (uri) => store.isAnalysed(uri),
    read: (uri) => platform.read(uri),
    publish: (notes) => notify(connection, 'wasmHazards/original', notes),
    failed: (uri, error) =>
      connection.console.error(`${uri}: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
  });
}

/** Notifications about documents, files and settings. */
function registerDocuments(connection: Connection, store: DocumentStore, originals: OpenOriginals): void {
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => store.opened(uri, version, text));
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
    store.changed(uri, version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => store.closed(uri));
  // The client watches manifests only.
  connection.onDidChangeWatchedFiles(() => store.hostsMayDiffer());
  onNotification(connection, 'wasmHazards/binaryChanged', ({ uri }) => {
    store.fileChanged(uri);
    originals.moduleChanged(uri);
  });
  onNotification(connection, 'wasmHazards/openElsewhere', ({ uris }) => store.openElsewhere(uris));
  onNotification(connection, 'wasmHazards/originals', ({ files }) => originals.set(files));
  onNotification(connection, 'wasmHazards/shown', ({ uri, content, runs }) => store.shown(uri, { content, runs }));
  onNotification(connection, 'wasmHazards/settings', (settings) => {
    store.configure(settingsOf(settings));
    originals.refresh();
  });
}

function registerRequests(
  connection: Connection,
  store: DocumentStore,
  originals: OpenOriginals,
  platform: Platform,
): void {
  function answer<M extends keyof ServerRequests>(
    method: M,
    find: (params: ServerRequests[M]['params']) => Promise<ServerRequests[M]['result']>,
  ): void {
    onRequest(connection, method, (params) =>
      find(params).catch((error) => {
        throw error instanceof Unavailable ? new ResponseError(REQUEST_FAILED, error.message) : error;
      }),
    );
  }
  /** The module, of which sentences speak in words of its source. */
  async function inSource(uri: string): Promise<ModuleDocument> {
    const doc = await store.module(uri);
    await doc.sources.loaded();
    return doc;
  }
  answer('wasmHazards/text', (params) => store.text(params));
  answer('wasmHazards/analyse', ({ uri }) => store.analyse(uri));
  answer('wasmHazards/matrix', async ({ uri }) => ({ text: matrixText(await inSource(uri)) }));
  answer('wasmHazards/report', async ({ uri }) => ({ view: reportOf(await inSource(uri)) }));
  answer('wasmHazards/reportQuestion', async ({ uri, question, params }) => ({
    answer: answerQuestion(await inSource(uri), question, params),
  }));
  answer('wasmHazards/export', async ({ uri, exportName }) => exportItems(await inSource(uri), exportName));
  answer('wasmHazards/moduleRow', ({ uri }) => moduleRow(store, uri));
  answer('wasmHazards/moduleItems', async ({ uri, parent, limit }) => ({
    items: moduleItems(await store.module(uri), parent, limit),
  }));
  answer('wasmHazards/stressModule', async ({ uri }) => stressModule(await store.module(uri), platform));
  answer('wasmHazards/inSource', async ({ uri, result }) => {
    const { module } = await inSource(uri);
    return { result: sourceOf(module) === undefined ? result : sourced(result, answersOf(module)) };
  });
  answer('wasmHazards/locate', async ({ uri, offsets }) => {
    const { map } = await store.module(uri);
    return {
      ranges: offsets.map((offset) => {
        const range = map.rangeOf(offset);
        return (range && store.rangeToNow(uri, range)) ?? null;
      }),
      elidedFunctions: offsets.map((offset) => map.elidedFunctionOf(offset) ?? null),
    };
  });
  answer('wasmHazards/originalHover', async (line) => ({ text: await hoverOfLine(originals, line) }));
  answer('wasmHazards/codeOf', async (line) => ({ modules: await codeOfLine(originals, line) }));
  answer('wasmHazards/originalsOf', async ({ uri, offsets }) => ({
    places: await originalsOf(await store.module(uri), offsets),
  }));
  answer('wasmHazards/exportsAt', async ({ uri, line, character }) => {
    const view = await store.firstView(uri);
    const params = { textDocument: { uri }, position: { line, character } };
    const names = view?.ask(params, (doc, { position }) =>
      exportsAt(doc, position.line, position.character).map((at) => doc.analysis.exports[at].name),
    );
    return { names: names ?? [] };
  });
  answer('wasmHazards/originalAt', async ({ uri, line, character }) => ({
    place: await originalAt(await store.module(uri), line, character),
  }));
}
