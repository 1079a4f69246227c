/** Starts the server when the first source is opened. */
import { workspace } from 'vscode';
import type { Feature } from '../services.ts';
import { isSource } from '../uris.ts';

/** Wakes the server at once if a source is already open. Texts of binaries need no such call: reading one wakes it. */
export const registerSources: Feature = (context, { server }) => {
  if (workspace.textDocuments.some(isSource)) server.wake();
  context.subscriptions.push(
    workspace.onDidOpenTextDocument((document) => {
      if (isSource(document)) server.wake();
    }),
  );
};
