/** Performs the steps of a session on a real server, and keeps what a client has: the texts, and what it was told of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { textUriOf } from '../../../core/text/documentUris.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/defaultSettings.ts';
import type { Event, TestClient } from '../../../server/src/testing/languageClient.ts';
import { DOCUMENTS, type SessionStep, type Somewhere } from './steps.ts';

const FILES = ['counter-global', 'table-slot', 'threads-atomics', 'greeting', 'shadow-stack', 'broken-lock'];

/** Texts that sessions open. */
export const TEXTS: readonly string[] = [
  ...FILES.map((name) => readFileSync(join(FIXTURES, `${name}.wat`), 'utf8')),
  '',
  '(module)',
];

/** Binaries that sessions open. They are only read. */
export const BINARIES: readonly string[] = FILES.map((name) => pathToFileURL(join(FIXTURES, `${name}.wasm`)).href);

/** Settings that sessions choose among. */
export const SETTINGS_TRIED: readonly Partial<typeof DEFAULT_SETTINGS>[] = [
  {},
  { host: 'wasmtime' },
  { sharingModel: 'shared-memory' },
  { codeLens: 'none', inlayHints: false },
  { rules: { 'global-write': 'off', 'memory-write': 'error' } },
  { textBudget: 200 },
];

/** A document that is open. */
interface Open {
  document: TextDocument;
  /** Texts before the latest edits. */
  before: string[];
}

const MOST_UNDONE = 20;
let lastNumber = 0;

/** A client's side of one session. URIs are new in each, so that sessions do not see each other's events. */
export class SessionModel {
  readonly #client: TestClient;
  readonly #number = ++lastNumber;
  readonly #open = new Map<number, Open>();
  readonly #binaries = new Set<string>();
  /** Requests that were answered. */
  answered = 0;

  constructor(client: TestClient) {
    this.#client = client;
  }

  uriOf(doc: number): string {
    return `file:///fuzz/session-${this.#number}-${doc}.wat`;
  }

  /** The text of a document as the client has it; undefined if it is not open. */
  textOf(doc: number): string | undefined {
    return this.#open.get(doc)?.document.getText();
  }

  /** Does a step. Rejects where the server answers with an error that is not for the user. */
  async step(step: SessionStep): Promise<void> {
    const client = this.#client;
    switch (step.do) {
      case 'open':
        return this.open(step.doc, TEXTS[step.text % TEXTS.length]);
      case 'edit':
        return this.#edit(step.doc, step.at, step.remove, step.insert);
      case 'undo':
        return this.#undo(step.doc);
      case 'replace':
        return this.#change(step.doc, [{ text: TEXTS[step.text % TEXTS.length] }]);
      case 'close':
        return this.close(step.doc);
      case 'ask':
        return this.#ask(step.doc, step.what, step.at);
      case 'binary': {
        const uri = BINARIES[step.file % BINARIES.length];
        if (this.#binaries.has(uri)) return this.#closeBinary(uri);
        this.#binaries.add(uri);
        await client.open(uri);
        this.answered++;
        return;
      }
      case 'changed':
        client.notify('wasmHazards/binaryChanged', { uri: BINARIES[step.file % BINARIES.length] });
        return;
      default:
        client.notify('wasmHazards/settings', {
          ...DEFAULT_SETTINGS,
          ...SETTINGS_TRIED[step.settings % SETTINGS_TRIED.length],
        });
    }
  }

  async open(doc: number, text: string): Promise<void> {
    if (this.#open.has(doc)) return;
    const uri = this.uriOf(doc);
    this.#open.set(doc, { document: TextDocument.create(uri, 'wat', 1, text), before: [] });
    this.#client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'wat', version: 1, text } });
  }

  async close(doc: number): Promise<void> {
    if (!this.#open.delete(doc)) return;
    this.#client.notify('textDocument/didClose', { textDocument: { uri: this.uriOf(doc) } });
  }

  #closeBinary(uri: string): void {
    this.#binaries.delete(uri);
    this.#client.notify('textDocument/didClose', { textDocument: { uri: textUriOf(uri) } });
  }

  /** Closes all that is open, and sets the settings back. */
  async closeAll(): Promise<void> {
    for (let doc = 0; doc <= DOCUMENTS; doc++) await this.close(doc);
    for (const uri of [...this.#binaries]) this.#closeBinary(uri);
    this.#client.notify('wasmHazards/settings', DEFAULT_SETTINGS);
  }

  #edit(doc: number, at: Somewhere, remove: number, insert: string): void {
    const document = this.#open.get(doc)?.document;
    if (document === undefined) return;
    const start = offsetAt(document, at);
    const end = Math.min(document.getText().length, start + remove);
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    this.#change(doc, [{ range, text: insert }]);
  }

  #undo(doc: number): void {
    const text = this.#open.get(doc)?.before.pop();
    if (text === undefined) return;
    this.#change(doc, [{ text }]);
    this.#open.get(doc)?.before.pop();
  }

  #change(doc: number, contentChanges: Parameters<typeof TextDocument.update>[1]): void {
    const open = this.#open.get(doc);
    if (open === undefined) return;
    open.before.push(open.document.getText());
    if (open.before.length > MOST_UNDONE) open.before.shift();
    const version = open.document.version + 1;
    open.document = TextDocument.update(open.document, contentChanges, version);
    this.#client.notify('textDocument/didChange', { textDocument: { uri: this.uriOf(doc), version }, contentChanges });
  }

  async #ask(doc: number, what: string, at: Somewhere): Promise<void> {
    const document = this.#open.get(doc)?.document;
    if (document === undefined) return;
    const uri = this.uriOf(doc);
    const position = document.positionAt(offsetAt(document, at));
    const range = { start: { line: 0, character: 0 }, end: position };
    const about = { textDocument: { uri }, position, range, context: { includeDeclaration: true, diagnostics: [] } };
    const params = { ...about, uri, ...position, parent: '', limit: 20 };
    try {
      await this.#client.connection.sendRequest(what, params);
    } catch (error) {
      // A sentence for the user: the text does not compile, or was closed.
      if ((error as { code?: number }).code !== REQUEST_FAILED) throw error;
    }
    this.answered++;
  }
}

/** LSP: `RequestFailed`. */
const REQUEST_FAILED = -32803;

/** Between UTF-16 units, so that an edit may divide a character, as some clients do. */
function offsetAt(document: TextDocument, { line, character }: Somewhere): number {
  const at = Math.floor(line * document.lineCount);
  const start = document.offsetAt({ line: at, character: 0 });
  const end = document.offsetAt({ line: at + 1, character: 0 });
  return start + Math.floor(character * (end - start + 1));
}

/** The diagnostics that a client has of a URI: those that came last. */
export function lastDiagnostics(events: readonly Event[], uri: string): object[] {
  const last = events.findLast((event) => event.kind === 'diagnostics' && event.uri === uri);
  return last?.kind === 'diagnostics' ? last.diagnostics : [];
}
