/** Leads editors to what the report speaks of, beside the report and not in its place. */
import {
  Range,
  Selection,
  TabInputText,
  TabInputWebview,
  type TextEditor,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
} from 'vscode';
import type { LocateResult } from '../../../server/src/protocol.ts';
import { executeCommand } from '../commands/typedCommands.ts';
import type { Server } from '../server.ts';
import { toTextUri } from '../uris.ts';

/** A place that the page names. */
interface RevealedPlace {
  offset: number;
  preserveFocus?: boolean;
  source?: boolean;
}

/** Of one module. Only the last of several places that come at once counts. */
export class EditorFollower {
  readonly #server: Server;
  readonly #uri: Uri;
  #wanted: RevealedPlace | undefined;
  #busy = false;

  /** `uri` is that of a binary or of a source. */
  constructor(server: Server, uri: Uri) {
    this.#server = server;
    this.#uri = uri;
  }

  /** Never rejects. */
  async reveal(place: RevealedPlace): Promise<void> {
    this.#wanted = place;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted !== undefined) {
      const next: RevealedPlace = this.#wanted;
      this.#wanted = undefined;
      await this.#show(next).catch((error) => this.#server.report(error));
    }
    this.#busy = false;
  }

  async #show({ offset, preserveFocus = false, source = false }: RevealedPlace): Promise<void> {
    const text = toTextUri(this.#uri);
    const original = source ? await this.#originalOf(offset) : undefined;
    if (!preserveFocus) {
      if (original !== undefined) return this.#open(original.uri, original.range, false);
      await besideReport(text);
      await executeCommand('wasm-hazards.reveal', this.#uri.toString(), offset);
      return;
    }
    // What is visible moves; if neither is, the source tells more.
    const isTextVisible = visible(text) !== undefined;
    if (original !== undefined && (visible(original.uri) !== undefined || !isTextVisible))
      await this.#open(original.uri, original.range, true);
    if (original !== undefined && !isTextVisible) return;
    const { ranges } = await this.#locate(text, offset);
    const range = ranges[0];
    if (range === null || range === undefined) return;
    const { start, end } = range;
    await this.#open(text, new Range(start.line, start.character, end.line, end.character), true);
  }

  async #open(uri: Uri, range: Range, preserveFocus: boolean): Promise<void> {
    const editor = await window.showTextDocument(uri, {
      viewColumn: columnOf(uri),
      preserveFocus,
      preview: false,
    });
    select(editor, range);
  }

  async #locate(text: Uri, offset: number): Promise<LocateResult> {
    // The server knows a binary once its text is open.
    if (visible(text) === undefined)
      await window.showTextDocument(text, { viewColumn: columnOf(text), preserveFocus: true, preview: false });
    return this.#server.request('wasmHazards/locate', { uri: this.#uri.toString(), offsets: [offset] });
  }

  async #originalOf(offset: number): Promise<{ uri: Uri; range: Range } | undefined> {
    const params = { uri: this.#uri.toString(), offsets: [offset] };
    const { places } = await this.#server.request('wasmHazards/originalsOf', params);
    const place = places[0];
    if (place === null || place === undefined || place.uri === null) return undefined;
    const { line, character } = place;
    return { uri: Uri.parse(place.uri, true), range: new Range(line, character, line, character) };
  }
}

const visible = (uri: Uri): TextEditor | undefined =>
  window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());

/** Where a document is, or else a group without a web view in front: the report stays in sight. */
function columnOf(uri: Uri): ViewColumn {
  const key = uri.toString();
  const groups = window.tabGroups.all;
  const known = groups.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && String(input.uri) === key),
  );
  const free = groups.find(({ activeTab }) => !(activeTab?.input instanceof TabInputWebview));
  return visible(uri)?.viewColumn ?? known?.viewColumn ?? free?.viewColumn ?? ViewColumn.Beside;
}

/** Opens the text where the report does not cover it. */
const besideReport = async (text: Uri): Promise<void> => {
  await window.showTextDocument(text, { viewColumn: columnOf(text), preview: false });
};

function select(editor: TextEditor, range: Range): void {
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}
