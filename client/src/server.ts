/**
 * The language server, started by the first request or the first wasm document. All
 * features talk to it through `Server`, which outlives restarts.
 */
import {
  type Diagnostic,
  type Disposable,
  type Event,
  EventEmitter,
  type ExtensionContext,
  l10n,
  window,
  workspace,
} from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient';
import { isRuleId } from '../../core/analysis/rules/index.ts';
import { MANIFEST_NAMES } from '../../core/hosts/detect.ts';
import type {
  CommandId,
  InitializationOptions,
  ModuleSummary,
  OpenOriginal,
  OriginalNotes,
  ServerRequests,
  ShownParams,
} from '../../server/src/protocol.ts';
import { readFile, readFolder } from './filesForServer.ts';
import { survivingLoss } from './lostServer.ts';
import { readSettings, SECTION } from './settings.ts';
import { answerRequest, sendNotification, sendRequest, takeNotification } from './typedClient.ts';
import { rulePage, SOURCE_SELECTOR, TEXT_SELECTOR } from './uris.ts';

/** The only commands that links in the server's Markdown may run. */
export const TRUSTED_COMMANDS: CommandId[] = [
  'wasm-hazards.reveal',
  'wasm-hazards.showBody',
  'wasm-hazards.showExport',
  'wasm-hazards.openRule',
  'wasm-hazards.changeSeverity',
  'wasm-hazards.ignoreFinding',
  'wasm-hazards.showMatrix',
  'wasm-hazards.showWebAssembly',
  'wasm-hazards.showActions',
  'wasm-hazards.stressExport',
  'wasm-hazards.stressModule',
  'wasm-hazards.generateWrapper',
  'wasm-hazards.openReport',
];

/** The server as features see it. URIs that it takes and reports are those of binaries or sources, never of texts. */
export interface Server extends Disposable {
  /** Starts it unless it runs; failures go to the output. */
  wake(): void;
  /** Sends a request and starts the server if necessary. */
  request<M extends keyof ServerRequests>(
    method: M,
    params: ServerRequests[M]['params'],
  ): Promise<ServerRequests[M]['result']>;
  /** Tells the server, if it is running, that the file at `uri` changed. */
  binaryChanged(uri: string): void;
  /** Tells the server, if it is running, what stress runs have shown of a module. */
  shown(params: ShownParams): void;
  /** Tells the server which binaries other editors show, and starts it if there are any. */
  openElsewhere(uris: readonly string[]): Promise<void>;
  /** Tells the server which originals are open, and starts it if necessary. */
  originals(files: OpenOriginal[]): Promise<void>;
  restart(): Promise<void>;
  /** Ends the server for good. */
  stop(): Promise<void>;
  showOutput(): void;
  /** Logs a failure that no caller handles. */
  report(error: unknown): void;
  readonly onSummary: Event<ModuleSummary>;
  readonly onOriginal: Event<OriginalNotes>;
  /** Fires when a restart begins: the server's state is lost. */
  readonly onReset: Event<void>;
  /** Fires when the server has started, or started again, and knows nothing yet. */
  readonly onStarted: Event<void>;
}

/** A client of a server that has not been started; starting it again starts another server. */
export type CreateClient = (context: ExtensionContext, options: LanguageClientOptions) => BaseLanguageClient;

/** Creates the output channel and the watcher of manifests, but no process yet. */
export function createServer(context: ExtensionContext, createClient: CreateClient): Server {
  const output = window.createOutputChannel('Wasm Hazards', { log: true });
  const summary = new EventEmitter<ModuleSummary>();
  const original = new EventEmitter<OriginalNotes>();
  const reset = new EventEmitter<void>();
  const started = new EventEmitter<void>();
  let client: BaseLanguageClient | undefined;
  let starting: Promise<BaseLanguageClient> | undefined;
  /** A manifest that changes may tell another host. */
  const manifests = workspace.createFileSystemWatcher(`**/{${MANIFEST_NAMES.join(',')}}`);

  function create(): BaseLanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: [TEXT_SELECTOR, ...SOURCE_SELECTOR],
      outputChannel: output,
      diagnosticCollectionName: SECTION,
      synchronize: { fileEvents: manifests },
      initializationOptions: (): InitializationOptions => ({ settings: readSettings(), translations: l10n.bundle }),
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => next(uri, diagnostics.map(withPage)),
      },
      markdown: { isTrusted: { enabledCommands: TRUSTED_COMMANDS } },
    };
    const created = createClient(context, options);
    takeNotification(created, 'wasmHazards/summary', (params) => summary.fire(params));
    takeNotification(created, 'wasmHazards/original', (params) => original.fire(params));
    answerRequest(created, 'wasmHazards/readFile', readFile);
    answerRequest(created, 'wasmHazards/readFolder', readFolder);
    created.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) reset.fire();
      if (newState === State.Running) started.fire();
    });
    return created;
  }

  function start(): Promise<BaseLanguageClient> {
    starting ??= (async () => {
      client = create();
      await client.start();
      return client;
    })().catch((error) => {
      starting = undefined; // The next document tries again.
      throw error;
    });
    return starting;
  }

  const settingsChanged = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SECTION) && client?.isRunning())
      sendNotification(client, 'wasmHazards/settings', readSettings());
  });

  return {
    wake() {
      start().catch((error) => output.error(error instanceof Error ? error : String(error)));
    },
    onSummary: summary.event,
    onOriginal: original.event,
    onReset: reset.event,
    onStarted: started.event,
    async request(method, params) {
      const started = await start();
      return survivingLoss(started, () => sendRequest(started, method, params));
    },
    binaryChanged(uri) {
      if (client?.isRunning()) sendNotification(client, 'wasmHazards/binaryChanged', { uri });
    },
    shown(params) {
      if (client?.isRunning()) sendNotification(client, 'wasmHazards/shown', params);
    },
    async openElsewhere(uris) {
      if (uris.length === 0 && client === undefined) return;
      // Waits in any case: what is told later must not arrive earlier.
      sendNotification(await start(), 'wasmHazards/openElsewhere', { uris: [...uris] });
    },
    async originals(files) {
      sendNotification(await start(), 'wasmHazards/originals', { files });
    },
    async restart() {
      if (!client) await start();
      else {
        await client.stop();
        await client.start();
      }
    },
    async stop() {
      // A server that is still starting cannot be stopped; it ends when its pipe closes.
      if (client?.isRunning()) await client.dispose();
    },
    showOutput: () => output.show(),
    report: (error) => output.error(error instanceof Error ? error : String(error)),
    dispose() {
      for (const one of [settingsChanged, manifests, summary, original, reset, started, output]) one.dispose();
    },
  };
}

/** Links the rule of a diagnostic to the page of this version in the editor, not to one on the web. */
function withPage(diagnostic: Diagnostic): Diagnostic {
  const { code } = diagnostic;
  if (typeof code === 'object' && typeof code.value === 'string' && isRuleId(code.value)) {
    diagnostic.code = { value: code.value, target: rulePage(code.value) };
  }
  return diagnostic;
}
