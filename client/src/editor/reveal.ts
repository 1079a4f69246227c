/** Commands that go to a place in the text of a binary and open elided bodies on the way. */

import {
  type ExtensionContext,
  l10n,
  Range,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  window,
} from 'vscode';
import type { TextRange } from '../../../core/text/lines.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import type { LocateParams } from '../../../server/src/protocol.ts';
import { registerCommand } from '../commands/typedCommands.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/notices.ts';
import { baseName, toBinaryUri, toTextUri } from '../uris.ts';
import { textShown } from './textShown.ts';

/** Registers `reveal`, which takes a byte offset in the binary, and `showBody`, which takes a function index. */
export function registerReveal(context: ExtensionContext, services: Services): void {
  context.subscriptions.push(
    registerCommand('wasm-hazards.reveal', (uri: string, offset: number, preserveFocus?: boolean) =>
      reveal(services, uri, offset, preserveFocus),
    ),
    registerCommand('wasm-hazards.showBody', (uri: string, func: number) => showBody(services, uri, func)),
  );
}

/** Shows the instruction at a byte offset of a binary, or of what a source was compiled to. */
async function reveal(services: Services, uri: string, offset: number, preserveFocus = false): Promise<void> {
  const text = toTextUri(Uri.parse(uri, true));
  // The server knows a binary once its text is open.
  const editor = await show(text, preserveFocus);
  let found = await locate(services, uri, offset);
  if (found.elidedFunction !== null) {
    await openBody(services, editor, found.elidedFunction);
    found = await locate(services, uri, offset);
  }
  if (!found.range) {
    void showInformation(
      l10n.t(
        'The text of {0} does not show offset {1}. The binary may have changed since.',
        baseName(text),
        hex(offset),
      ),
    );
    return;
  }
  select(editor, found.range);
}

/** Opens an elided body without scrolling the rest of the text. */
async function showBody(services: Services, uri: string, func: number): Promise<void> {
  const editor = await show(toTextUri(Uri.parse(uri, true)));
  const top = editor.visibleRanges[0]?.start;
  const before = editor.selection;
  await openBody(services, editor, func);
  if (top) editor.revealRange(new Range(top, top), TextEditorRevealType.AtTop);
  editor.selection = new Selection(before.active, before.active);
}

async function openBody({ texts }: Services, { document }: TextEditor, func: number): Promise<void> {
  await textShown(document, await texts.expand(document.uri, func));
}

async function show(text: Uri, preserveFocus = false): Promise<TextEditor> {
  const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === text.toString());
  return window.showTextDocument(text, { viewColumn: open?.viewColumn, preview: preserveFocus, preserveFocus });
}

/** The range that shows an offset, or the function whose elided body hides it. */
async function locate({ server }: Services, uri: string, offset: number) {
  const params: LocateParams = { uri: toBinaryUri(Uri.parse(uri, true)).toString(), offsets: [offset] };
  const { ranges, elidedFunctions } = await server.request('wasmHazards/locate', params);
  return { range: ranges[0], elidedFunction: elidedFunctions[0] };
}

function select(editor: TextEditor, { start, end }: TextRange): void {
  const range = new Range(start.line, start.character, end.line, end.character);
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}
