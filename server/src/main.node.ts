/** Entry of the server under Node: the transport comes from the command line (`--node-ipc`, `--stdio`). */

import { Console } from 'node:console';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { DEFAULT_HOST } from '../../core/hosts/index.ts';
import { type Binary, fileName, ReadFailure } from '../../core/source/binary.ts';
import { coreModuleAddress } from '../../core/source/coreModules.ts';
import { t } from '../../core/text/l10n.ts';
import { analysisBytes } from '../../node/analysisBytes.ts';
import { enableDemangling } from '../../node/demangler.ts';
import { chooseHost } from '../../node/hostDetection.ts';
import { MOST_NAME_BYTES, withNamesBeside } from '../../node/namesBeside.ts';
import { coreModuleOf, readBinary, shareBytes } from '../../node/readBinary.ts';
import { documentSources } from './documentSources.node.ts';
import { startServer } from './server.ts';
import { createAnalysisRunner } from './threads/analysisRunner.node.ts';
import type { BinaryJob } from './threads/jobs.ts';
import { request } from './typedConnection.ts';

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

const connection = createConnection(ProposedFeatures.all);
startServer(connection, (roots) => ({
  read: (uri) => (uri.startsWith('file:') ? readBinary(uri) : readThroughClient(connection, uri)),
  roots,
  chooseHost: (uri) => chooseHost(uri, roots()),
  sources: (file, { sourcePaths }) =>
    documentSources(file, { roots: roots(), sourcePaths }, async (uri) => {
      const { base64 } = await request(connection, 'wasmHazards/readFile', { uri });
      return Buffer.from(base64, 'base64');
    }),
  packed: analysisBytes,
  runner: createAnalysisRunner({
    entry: new URL(WORKER, pathToFileURL(import.meta.filename)),
    warmUp: warmUpJob,
  }),
}));
connection.listen();

/** Reads a file from a file system that only the client can access. */
async function readThroughClient(client: Connection, uri: string): Promise<Binary> {
  const name = fileName(uri);
  // `#` of an address is encoded: it is no fragment.
  const address = coreModuleAddress(uri.replace('%23', '#'));
  if (address !== undefined) return coreModuleOf(await readThroughClient(client, address.file), address.number, name);
  try {
    const { base64, mtime } = await request(client, 'wasmHazards/readFile', { uri });
    const named = await withNamesBeside(uri, Buffer.from(base64, 'base64'), (beside) => readText(client, beside));
    return shareBytes(named, mtime, name);
  } catch (error) {
    if (error instanceof ReadFailure) throw error;
    throw new ReadFailure('missing', t('{0} cannot be read: {1}', name, (error as Error).message));
  }
}

/** A file beside a module; undefined where there is none. */
async function readText(client: Connection, uri: string): Promise<string | undefined> {
  try {
    const bytes = Buffer.from((await request(client, 'wasmHazards/readFile', { uri })).base64, 'base64');
    return bytes.length > MOST_NAME_BYTES ? undefined : bytes.toString('utf8');
  } catch {
    // Most modules have none.
    return undefined;
  }
}
