/** The server in a worker of a browser: all files are read through the client. */
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { type LoadAsset, readOnce } from '../../browser/assets.ts';
import { loadDemangler } from '../../browser/demangler.ts';
import { takeBytes } from '../../browser/takeBytes.ts';
import { startServer } from './server.ts';
import { createWorkerRunner } from './threads/analysisRunner.browser.ts';
import { filesOfClient } from './virtual/clientFiles.ts';
import { readVirtual } from './virtual/readVirtual.ts';
import { hostOfVirtual } from './virtual/virtualHost.ts';
import { virtualSources } from './virtual/virtualSources.ts';

/** Speaks the protocol through the messages of the worker. */
export function serveLanguage(port: DedicatedWorkerGlobalScope): void {
  const connection = createConnection(
    ProposedFeatures.all,
    new BrowserMessageReader(port),
    new BrowserMessageWriter(port),
  );
  const files = filesOfClient(connection);
  startServer(connection, (roots, { workers }) => {
    if (workers === undefined) throw new Error('the client has not said where the program of the workers is');
    const load: LoadAsset = readOnce(async (name) => {
      const { bytes } = await files.read(`${workers.folder}/${name}`);
      return bytes as Uint8Array<ArrayBuffer>;
    });
    let ready: Promise<void> | undefined;
    return {
      async read(uri) {
        // Before the first answer that names a function; the client answers nothing before it is initialised.
        ready ??= loadDemangler(load);
        await ready;
        return readVirtual(uri, files, takeBytes);
      },
      roots,
      chooseHost: (uri) => hostOfVirtual(uri, roots(), files),
      sources: (file, { sourcePaths }) => virtualSources(file, { roots: roots(), sourcePaths }, files),
      // Threads of the client have no way to read one.
      packed: () => undefined,
      runner: createWorkerRunner(workers.script, load),
    };
  });
  connection.listen();
}
