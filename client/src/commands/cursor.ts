/** What the cursor is on, for commands that were called without saying on what. */
import { type Uri, window } from 'vscode';
import type { Server } from '../server.ts';
import { isSource, isText, toBinaryUri } from '../uris.ts';

/**
 * Names of the exports of `module` that the cursor of the active editor is about: that of the line or of the function,
 * or those that reach the function. None if the editor shows something else.
 */
export async function exportsAtCursor(server: Server, module: Uri): Promise<string[]> {
  const editor = window.activeTextEditor;
  if (editor === undefined || !(isText(editor.document) || isSource(editor.document))) return [];
  const { uri } = editor.document;
  if (toBinaryUri(uri).toString() !== module.with({ fragment: '' }).toString()) return [];
  const { line, character } = editor.selection.active;
  return (await server.request('wasmHazards/exportsAt', { uri: uri.toString(), line, character })).names;
}
