/**
 * The language server's process, started by the first request or the first wasm document. All
 * features talk to it through `Server`, which outlives restarts.
 */
import { join } from 'node:path';
import {
  type Diagnostic,
  type Disposable,
  type Event,
  EventEmitter,
  type ExtensionContext,
  Uri,
  window,
  workspace,
} from 'vscode';
import { LanguageClient, type LanguageClientOptions, State, TransportKind } from 'vscode-languageclient/node';
import { isRuleId, RULES } from '../../core/analysis/rules/metadata.ts';
import {
  BinaryChangedNotification,
  Commands,
  type ModuleSummary,
  ReadFileRequest,
  SettingsNotification,
  SummaryNotification,
  type UriParams,
} from '../../server/src/protocol.ts';
import { readSettings, SECTION } from './settings.ts';
import { SOURCE_SELECTOR, TEXT_SELECTOR } from './uris.ts';

/** Commands that Markdown of the server may run on a click; no others. */
const TRUSTED_COMMANDS = [
  Commands.reveal,
  Commands.showBody,
  Commands.showExport,
  Commands.openRule,
  Commands.changeSeverity,
  Commands.ignoreFinding,
  Commands.showMatrix,
];

export interface Server extends Disposable {
  /** Starts it unless it runs; failures go to the output. */
  wake(): void;
  /** Sends a request, starting the server when need be. */
  request<R>(method: string, params: object): Promise<R>;
  /** Tells a running server that the file behind `uri` changed; one that does not run reads it anyway. */
  binaryChanged(uri: string): void;
  restart(): Promise<void>;
  /** Ends the server's process; nothing starts it again. */
  stop(): Promise<void>;
  showOutput(): void;
  /** A failure that nobody waits for goes to the output. */
  report(error: unknown): void;
  readonly onSummary: Event<ModuleSummary>;
  /** Fires when a restart begins: everything the server knew is gone. */
  readonly onReset: Event<void>;
}

export function createServer(context: ExtensionContext): Server {
  const output = window.createOutputChannel('Wasm Hazards', { log: true });
  const summary = new EventEmitter<ModuleSummary>();
  const reset = new EventEmitter<void>();
  let client: LanguageClient | undefined;
  let starting: Promise<LanguageClient> | undefined;

  function create(): LanguageClient {
    const module = join(context.extensionPath, 'dist', 'server.js');
    const options: LanguageClientOptions = {
      documentSelector: [TEXT_SELECTOR, ...SOURCE_SELECTOR],
      outputChannel: output,
      diagnosticCollectionName: SECTION,
      initializationOptions: () => ({ settings: readSettings() }),
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) =>
          next(
            uri,
            diagnostics.map((one) => withPage(one, context.extensionUri)),
          ),
      },
      markdown: { isTrusted: { enabledCommands: TRUSTED_COMMANDS } },
    };
    const created = new LanguageClient(
      SECTION,
      'Wasm Hazards',
      {
        run: { module, transport: TransportKind.ipc },
        debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6017'] } },
      },
      options,
    );
    created.onNotification(SummaryNotification, (params: ModuleSummary) => summary.fire(params));
    created.onRequest(ReadFileRequest, readFile);
    created.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) reset.fire();
    });
    return created;
  }

  function start(): Promise<LanguageClient> {
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
    if (event.affectsConfiguration(SECTION) && client?.isRunning()) {
      void client.sendNotification(SettingsNotification, readSettings());
    }
  });

  return {
    wake() {
      start().catch((error) => output.error(error instanceof Error ? error : String(error)));
    },
    onSummary: summary.event,
    onReset: reset.event,
    async request<R>(method: string, params: object): Promise<R> {
      return (await start()).sendRequest<R>(method, params);
    },
    binaryChanged(uri) {
      if (client?.isRunning()) void client.sendNotification(BinaryChangedNotification, { uri });
    },
    async restart() {
      if (!client) await start();
      else await client.restart();
    },
    async stop() {
      // A server that is still starting cannot be stopped; it ends by itself when its pipe closes.
      if (client?.isRunning()) await client.dispose();
    },
    showOutput: () => output.show(),
    report: (error) => output.error(error instanceof Error ? error : String(error)),
    dispose() {
      for (const one of [settingsChanged, summary, reset, output]) one.dispose();
    },
  };
}

/** Bytes for the server of a file on a file system that only VS Code knows. */
async function readFile({ uri }: UriParams): Promise<{ base64: string; mtime: number }> {
  const at = Uri.parse(uri, true);
  const [{ mtime }, bytes] = await Promise.all([workspace.fs.stat(at), workspace.fs.readFile(at)]);
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), mtime };
}

/**
 * Leads from the rule of a diagnostic to its page in this extension, not on the web: it is the page
 * of this version, and it is there without a network. (VS Code runs no command from such a link.)
 */
function withPage(diagnostic: Diagnostic, extension: Uri): Diagnostic {
  const { code } = diagnostic;
  if (typeof code === 'object' && typeof code.value === 'string' && isRuleId(code.value)) {
    diagnostic.code = { value: code.value, target: Uri.joinPath(extension, RULES[code.value].docs) };
  }
  return diagnostic;
}
