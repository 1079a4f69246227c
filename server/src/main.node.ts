/** Entry of the server under Node: the transport comes from the command line (`--node-ipc`, `--stdio`). */

import { Console } from 'node:console';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { DEFAULT_HOST } from '../../core/hosts/index.ts';
import { analysisBytes } from '../../node/analysisBytes.ts';
import { enableDemangling } from '../../node/demangler.ts';
import { chooseHost } from '../../node/hostDetection.ts';
import { readBinary, shareBytes } from '../../node/readBinary.ts';
import { documentSources } from './documentSources.node.ts';
import { guardCancellations } from './ipcGuard.node.ts';
import { startServer } from './server.ts';
import { createAnalysisRunner } from './threads/analysisRunner.node.ts';
import type { BinaryJob } from './threads/jobs.ts';
import { filesOfClient } from './virtual/clientFiles.ts';
import { readVirtual } from './virtual/readVirtual.ts';
import { hostOfVirtual } from './virtual/virtualHost.ts';
import { virtualSources } from './virtual/virtualSources.ts';

// The server's stdout belongs to the protocol, even if a library logs to the console.
globalThis.console = new Console(process.stderr, process.stderr);
enableDemangling();

/** Beside this file when it is bundled. */
const WORKER = import.meta.filename.endsWith('.ts') ? 'threads/analysisWorker.node.ts' : 'analysisWorker.js';

/** A module of the right size and variety to warm up with, which the bundle has beside it. */
async function warmUpJob(): Promise<BinaryJob> {
  const bytes = await readFile(new URL('wasm-tools.core.wasm', pathToFileURL(import.meta.filename)));
  return {
    kind: 'binary',
    bytes: shareBytes(bytes, 0, 'wasm-tools').bytes,
    name: 'wasm-tools',
    host: DEFAULT_HOST,
    model: 'auto',
    seconds: 10,
    expand: [],
    bodyBudget: 100_000,
    textOnly: undefined,
  };
}

guardCancellations();
const connection = createConnection(ProposedFeatures.all);
const files = filesOfClient(connection);
startServer(connection, (roots) => ({
  read: (uri) => (uri.startsWith('file:') ? readBinary(uri) : readVirtual(uri, files, shareBytes)),
  roots,
  chooseHost: (uri) => (uri.startsWith('file:') ? chooseHost(uri, roots()) : hostOfVirtual(uri, roots(), files)),
  sources: (file, { sourcePaths }) => {
    const folders = { roots: roots(), sourcePaths };
    return file.uri.startsWith('file:') ? documentSources(file, folders) : virtualSources(file, folders, files);
  },
  packed: analysisBytes,
  runner: createAnalysisRunner({
    entry: new URL(WORKER, pathToFileURL(import.meta.filename)),
    warmUp: warmUpJob,
  }),
}));
connection.listen();
