/**
 * `Show actions`: lists what can be done at the cursor. VS Code offers no quick fixes in the text of a binary, which is
 * read-only; this has the same, and what can be done with the module.
 */
import {
  type CodeAction,
  commands,
  l10n,
  QuickPickItemKind,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { CommandId } from '../../../server/src/protocol.ts';
import type { Feature } from '../services.ts';
import { showInformation } from '../shown/notices.ts';
import { type PickEntry, pick } from '../shown/pick.ts';
import { isSource, isText, toBinaryUri, toTextUri } from '../uris.ts';
import { executeCommand, registerCommand } from './typedCommands.ts';

interface Item extends PickEntry {
  run?(): unknown;
}

/** Registers the command, which resolves when the picked action has been started. */
export const registerShowActions: Feature = (context) => {
  context.subscriptions.push(registerCommand('wasm-hazards.showActions', showActions));
};

async function showActions(clicked?: unknown, line?: unknown, character?: unknown): Promise<void> {
  const place = await placeOf(clicked, line, character);
  if (place === undefined) {
    void showInformation(l10n.t('Open a WebAssembly module to see what can be done at a place of it.'));
    return;
  }
  const { document, range } = place;
  const here = await actionsAt(document, range);
  const picked = await pick([...here, ...moduleItems(document, here)], {
    title: l10n.t('Actions at line {0}', range.start.line + 1),
    placeHolder: l10n.t('Select an action'),
  });
  await picked?.run?.();
}

/** The place that a link names, or the cursor; without a selection, the line of the cursor. */
async function placeOf(
  clicked: unknown,
  line: unknown,
  character: unknown,
): Promise<{ document: TextDocument; range: Range } | undefined> {
  if (typeof clicked === 'string' && typeof line === 'number') {
    const document = await workspace.openTextDocument(toTextUri(Uri.parse(clicked, true)));
    const at = typeof character === 'number' ? character : 0;
    return { document, range: new Range(line, at, line, at) };
  }
  const editor = window.activeTextEditor;
  if (editor === undefined || !(isText(editor.document) || isSource(editor.document))) return undefined;
  return { document: editor.document, range: editor.selection };
}

/** Quick fixes of the cursor, or else of its line: a reader puts the cursor anywhere on it. */
async function actionsAt(document: TextDocument, range: Range): Promise<Item[]> {
  const found = await askFor(document.uri, range);
  if (found.length > 0 || !range.isEmpty) return found;
  const { range: line, firstNonWhitespaceCharacterIndex } = document.lineAt(range.start.line);
  const start = line.start.with(undefined, firstNonWhitespaceCharacterIndex);
  return askFor(document.uri, new Range(start, line.end));
}

async function askFor(uri: Uri, range: Range): Promise<Item[]> {
  const found = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range);
  const items = found
    .filter(({ edit, command }) => command?.command.startsWith('wasm-hazards.') || edit !== undefined)
    .map((action): Item => ({ label: action.title, run: () => perform(action) }));
  // Two findings on a line have some actions in common.
  return items.filter(({ label }, i) => items.findIndex((other) => other.label === label) === i);
}

async function perform({ edit, command }: CodeAction): Promise<void> {
  if (edit !== undefined) await workspace.applyEdit(edit);
  if (command !== undefined) await commands.executeCommand(command.command, ...(command.arguments ?? []));
}

/** What can be done with the module, wherever the cursor is; without what stands above already. */
function moduleItems({ uri }: TextDocument, above: readonly Item[]): Item[] {
  const module = toBinaryUri(uri).toString();
  const item = (label: string, command: ModuleCommand): Item => ({ label, run: () => executeCommand(command, module) });
  const items = [
    item(l10n.t('Stress test module'), 'wasm-hazards.stressModule'),
    item(l10n.t('Generate concurrency wrapper'), 'wasm-hazards.generateWrapper'),
    item(l10n.t('Open report'), 'wasm-hazards.openReport'),
    item(l10n.t('Show conflict matrix'), 'wasm-hazards.showMatrix'),
  ];
  const rest = above.length === 0 ? items : [items[0], items[3]];
  return [{ label: l10n.t('Module'), kind: QuickPickItemKind.Separator }, ...rest];
}

type ModuleCommand = CommandId &
  (
    | 'wasm-hazards.stressModule'
    | 'wasm-hazards.generateWrapper'
    | 'wasm-hazards.openReport'
    | 'wasm-hazards.showMatrix'
  );
