/** The ways between an original and the text of a module: commands `showWebAssembly` and `showSource`. */
import {
  commands,
  type Disposable,
  l10n,
  Range,
  Selection,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { displayable } from '../../../core/harmless/names.ts';
import type { LineCode, OriginalPosition } from '../../../server/src/protocol.ts';
import { reportFailure } from '../commands/failure.ts';
import { executeCommand, registerCommand } from '../commands/typedCommands.ts';
import type { Server } from '../server.ts';
import { SECTION } from '../settings.ts';
import { showInformation } from '../shown/notices.ts';
import { pick } from '../shown/pick.ts';
import { baseName, isText, toTextUri } from '../uris.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';
import { placeNow } from './ranges.ts';

/** What the commands work with. */
export interface NavigationServices {
  server: Server;
  originals: Originals;
  edits: Edits;
}

/** Registers both commands. */
export const registerNavigation = (services: NavigationServices): Disposable[] => [
  registerCommand('wasm-hazards.showWebAssembly', async (clicked?: unknown, line?: number) => {
    try {
      await showWebAssembly(services, clicked, line);
    } catch (error) {
      reportFailure(services.server, l10n.t('The WebAssembly could not be shown'), error);
    }
  }),
  registerCommand('wasm-hazards.showSource', async () => {
    try {
      await showSource(services);
    } catch (error) {
      reportFailure(services.server, l10n.t('The source could not be shown'), error);
    }
  }),
];

/** Menus pass a URI and links a text; the palette passes nothing. */
async function showWebAssembly(services: NavigationServices, clicked: unknown, compiledLine?: number): Promise<void> {
  const { server, originals, edits } = services;
  const given = typeof clicked === 'string' ? Uri.parse(clicked, true) : clicked instanceof Uri ? clicked : undefined;
  const editor = window.activeTextEditor;
  const uri = given ?? editor?.document.uri;
  if (uri === undefined) return;
  const cursor = editor?.document.uri.toString() === uri.toString() ? editor.selection.active.line : 0;
  const line = typeof compiledLine === 'number' ? compiledLine : edits.lineThen(uri, cursor);
  const document = await workspace.openTextDocument(uri);
  // Somebody asks: also the modules that are not considered otherwise.
  const modules = originals.notesOf(uri)?.modules.map((module) => ({ uri: module.uri, mtime: 0, bytes: 0 }));
  const candidates = modules ?? (await originals.modulesFor(document, 'workspace'));
  const found =
    line === undefined || candidates.length === 0
      ? []
      : (await server.request('wasmHazards/codeOf', { uri: uri.toString(), line, modules: candidates })).modules;
  const withCode = found.filter(({ offsets }) => offsets.length > 0);
  if (withCode.length === 0) {
    void showInformation(
      found.length === 0
        ? l10n.t(
            'No module of this workspace has debug information for {0}. Build one with debug information (-g), or open it.',
            baseName(uri),
          )
        : l10n.t(
            'There is no WebAssembly for line {0} of {1}: the compiler has generated no code for it, or has removed it.',
            cursor + 1,
            baseName(uri),
          ),
    );
    return;
  }
  const picked = await pickModule(withCode);
  if (picked !== undefined) await reveal(uri, picked);
}

/** The module to show, if the file is compiled to several. */
async function pickModule(found: readonly LineCode[]): Promise<LineCode | undefined> {
  if (found.length === 1) return found[0];
  const items = found.map((code) => ({
    label: baseName(Uri.parse(code.module)),
    description: workspace.asRelativePath(Uri.parse(code.module)),
    code,
  }));
  const picked = await pick(items, {
    title: l10n.t('Module'),
    placeHolder: l10n.t('Select the module to show'),
  });
  return picked?.code;
}

/** Shows the code beside the original, which stays where it is. */
async function reveal(original: Uri, { module, offsets }: LineCode): Promise<void> {
  const text = toTextUri(Uri.parse(module, true));
  await showBeside(text, columnOf(original));
  await executeCommand('wasm-hazards.reveal', module, offsets[0]);
}

const columnOf = (uri: Uri): ViewColumn | undefined =>
  window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())?.viewColumn;

/** Shows a text in a column other than `column`, where it is visible already or beside. */
async function showBeside(uri: Uri, column: ViewColumn | undefined): Promise<TextEditor> {
  const visible = columnOf(uri);
  if (visible !== undefined) return window.showTextDocument(uri, { viewColumn: visible, preview: false });
  const other = window.tabGroups.all.find(({ viewColumn }) => viewColumn !== column)?.viewColumn;
  return window.showTextDocument(uri, { viewColumn: other ?? ViewColumn.Beside, preview: false });
}

async function showSource({ server, edits }: NavigationServices): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || !isText(editor.document)) {
    void showInformation(l10n.t('Open a .wasm file and place the cursor on an instruction first.'));
    return;
  }
  const { line, character } = editor.selection.active;
  const { place } = await server.request('wasmHazards/originalAt', {
    uri: editor.document.uri.toString(),
    line,
    character,
  });
  if (place === null) {
    void showInformation(
      l10n.t(
        '{0} has no debug information for this line. Build it with debug information (-g), and place the cursor on an instruction.',
        baseName(editor.document.uri),
      ),
    );
    return;
  }
  if (place.uri === null) {
    await notHere(place);
    return;
  }
  const { uri, range } = placeNow(edits, { ...place, uri: place.uri });
  const shown = await showBeside(uri, editor.viewColumn);
  const at = shown.document.lineAt(Math.min(range.start.line, shown.document.lineCount - 1));
  const start = Math.max(place.character, at.firstNonWhitespaceCharacterIndex);
  shown.selection = new Selection(at.lineNumber, start, at.lineNumber, start);
  shown.revealRange(
    new Range(shown.selection.start, shown.selection.end),
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

/** Files of the build machine are not opened by their paths: the user says which folder they are in. */
async function notHere({ path, line }: OriginalPosition): Promise<void> {
  const settings = l10n.t('Open Settings');
  const pressed = await showInformation(
    l10n.t(
      'This was compiled from {0}:{1}, which is not in the workspace. If you have the file, open its folder, or map the path with the setting wasmHazards.sourcePaths.',
      displayable(path),
      line + 1,
    ),
    settings,
  );
  if (pressed === settings) await commands.executeCommand('workbench.action.openSettings', `${SECTION}.sourcePaths`);
}
