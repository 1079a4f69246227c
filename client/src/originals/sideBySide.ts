/** Marks the code of the current line, and the line of the current instruction, where both texts are visible. */
import {
  type Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  TextEditorRevealType,
  ThemeColor,
  window,
} from 'vscode';
import { isText, toBinaryUri } from '../uris.ts';
import type { NavigationServices } from './navigation.ts';
import { placeNow } from './ranges.ts';

/** Follows the cursor in originals and in texts of modules. */
export function sideBySide(services: NavigationServices): Disposable[] {
  const mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.selectionHighlightBackground'),
    // Themes of high contrast have borders in place of backgrounds.
    border: '1px solid',
    borderColor: new ThemeColor('editor.selectionHighlightBorder'),
    overviewRulerColor: new ThemeColor('editorOverviewRuler.selectionHighlightForeground'),
    overviewRulerLane: OverviewRulerLane.Full,
  });
  /** Grows with each move: an answer about an earlier one is late. */
  let move = 0;
  const follow = async (editor: TextEditor): Promise<void> => {
    const mine = ++move;
    const found = await (isText(editor.document) ? toOriginal(services, editor) : toCode(services, editor));
    if (mine !== move) return;
    for (const other of window.visibleTextEditors) {
      const ranges = found.get(other);
      if (other !== editor && ranges !== undefined) show(other, ranges, mark);
      else other.setDecorations(mark, []);
    }
  };
  const isFollowed = ({ document }: TextEditor): boolean =>
    services.originals.notesOf(document.uri) !== undefined || isText(document);
  return [
    mark,
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor !== window.activeTextEditor) return;
      if (window.visibleTextEditors.length > 1 && isFollowed(textEditor))
        follow(textEditor).catch((error) => services.server.report(error));
      else for (const editor of window.visibleTextEditors) editor.setDecorations(mark, []);
    }),
  ];
}

type Marks = Map<TextEditor, Range[]>;

async function toCode({ server, originals, edits }: NavigationServices, editor: TextEditor): Promise<Marks> {
  const { uri } = editor.document;
  const line = edits.lineThen(uri, editor.selection.active.line);
  const texts = window.visibleTextEditors.filter(({ document }) => isText(document));
  const shown = new Set(texts.map(({ document }) => toBinaryUri(document.uri).toString()));
  const modules = (originals.notesOf(uri)?.modules ?? []).filter((module) => shown.has(module.uri));
  if (line === undefined || modules.length === 0) return new Map();
  const found = await server.request('wasmHazards/codeOf', {
    uri: uri.toString(),
    line,
    modules: modules.map((module) => ({ uri: module.uri, mtime: 0, bytes: 0 })),
  });
  return new Map(
    texts.flatMap((text): [TextEditor, Range[]][] => {
      const module = toBinaryUri(text.document.uri).toString();
      const code = found.modules.find((one) => one.module === module);
      if (code === undefined) return [];
      return [
        [text, code.ranges.map(({ start, end }) => new Range(start.line, start.character, end.line, end.character))],
      ];
    }),
  );
}

async function toOriginal({ server, edits, originals }: NavigationServices, editor: TextEditor): Promise<Marks> {
  const others = window.visibleTextEditors.filter(({ document }) => originals.notesOf(document.uri) !== undefined);
  if (others.length === 0) return new Map();
  const { line, character } = editor.selection.active;
  const { place } = await server.request('wasmHazards/originalAt', {
    uri: editor.document.uri.toString(),
    line,
    character,
  });
  if (place === null || place.uri === null) return new Map();
  const { uri, range } = placeNow(edits, { ...place, uri: place.uri });
  return new Map(
    others.filter(({ document }) => document.uri.toString() === uri.toString()).map((other) => [other, [range]]),
  );
}

/** Scrolls only where nothing of it is visible. */
function show(editor: TextEditor, ranges: Range[], mark: TextEditorDecorationType): void {
  editor.setDecorations(mark, ranges);
  const [first] = ranges;
  const isVisible = ranges.some((range) => editor.visibleRanges.some((visible) => visible.intersection(range)));
  if (first !== undefined && !isVisible) editor.revealRange(first, TextEditorRevealType.InCenter);
}
