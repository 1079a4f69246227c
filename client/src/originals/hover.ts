/** Hovers of lines of originals: what their code does to shared state. */
import { Hover, type HoverProvider, type Position, type TextDocument } from 'vscode';
import { type Server, TRUSTED_COMMANDS } from '../server.ts';
import { markdownString } from '../shown/markdown.ts';
import type { Edits } from './edits.ts';
import type { Originals } from './originals.ts';
import { lineRange } from './ranges.ts';

/** Asks the server only where a module was compiled from the file. */
export class OriginalHovers implements HoverProvider {
  readonly #server: Server;
  readonly #originals: Originals;
  readonly #edits: Edits;

  constructor(server: Server, originals: Originals, edits: Edits) {
    this.#server = server;
    this.#originals = originals;
    this.#edits = edits;
  }

  async provideHover(document: TextDocument, { line }: Position): Promise<Hover | undefined> {
    const { uri } = document;
    const notes = this.#originals.notesOf(uri);
    const then = this.#edits.lineThen(uri, line);
    if (notes === undefined || then === undefined) return undefined;
    const modules = notes.modules.map((module) => ({ uri: module.uri, mtime: 0, bytes: 0 }));
    const { text } = await this.#server.request('wasmHazards/originalHover', {
      uri: uri.toString(),
      line: then,
      modules,
    });
    if (text === '') return undefined;
    return new Hover(markdownString(text, { commands: TRUSTED_COMMANDS }), lineRange(document, line));
  }
}
