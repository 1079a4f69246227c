/** The extension in an extension host of Node.js: the server is a process of its own. */
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { LanguageClient, type LanguageClientOptions, TransportKind } from 'vscode-languageclient/node';
import { registerMcp } from './mcp/mcpServer.node.ts';
import type { ClientPlatform } from './platform.ts';
import { SECTION } from './settings.ts';
import { createNodeRunner } from './stress/runner.node.ts';
import { registerTourOnStart } from './tour/tourOnStart.node.ts';

/** With many heaps, the C library of Linux keeps the memory of analysis threads that have ended. */
const SERVER_ENV = { MALLOC_ARENA_MAX: '2' };

function createClient({ extensionPath }: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  const module = join(extensionPath, 'dist', 'server.js');
  const transport = TransportKind.ipc;
  const execArgv = ['--nolazy', '--inspect=6017'];
  return new LanguageClient(
    SECTION,
    'Wasm Hazards',
    {
      run: { module, transport, options: { env: SERVER_ENV } },
      debug: { module, transport, options: { env: SERVER_ENV, execArgv } },
    },
    options,
  );
}

/** Node.js, on the desktop and in a remote. */
export const nodePlatform: ClientPlatform = {
  createClient,
  createRunner: createNodeRunner,
  features: [registerTourOnStart, registerMcp],
};
