/** The extension in an extension host of a browser: the server is a worker. */
import type { ExtensionContext } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type LanguageClientOptions,
} from 'vscode-languageclient/browser';
import { startWorker } from '../../browser/startWorker.ts';
import type { InitializationOptions } from '../../server/src/protocol.ts';
import type { ClientPlatform } from './platform.ts';
import { SECTION } from './settings.ts';
import { createBrowserRunner } from './stress/runner.browser.ts';
import { Workers } from './workers.browser.ts';

let known: Workers | undefined;

/** One for the extension, so that its files are read once. */
const workersOf = (context: ExtensionContext): Workers => {
  known ??= new Workers(context);
  return known;
};

function createClient(context: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  const workers = workersOf(context);
  let script = '';
  const { initializationOptions } = options;
  return new LanguageClient(
    SECTION,
    'Wasm Hazards',
    async () => {
      script = await workers.script();
      const worker = startWorker(script, { role: 'server' });
      // VS Code's own class of workers, which the client would not recognise.
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
    },
    {
      ...options,
      // Asked for when the worker has been started.
      initializationOptions: (): InitializationOptions => ({
        ...initializationOptions?.(),
        workers: { script, folder: workers.folder.toString() },
      }),
    },
  );
}

/** A browser, with or without a remote. */
export const browserPlatform: ClientPlatform = {
  createClient,
  createRunner: (context) => createBrowserRunner(workersOf(context)),
  features: [],
};
