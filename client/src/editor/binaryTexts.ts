/**
 * The texts of binaries on the client: what VS Code was given last, when that last changed, and which
 * bodies the user opened. Everything that reads or changes a text goes through here, because VS Code
 * reads a file again only when its time or size has changed.
 */
import { type Disposable, type Event, EventEmitter, FileChangeType, type Uri, workspace } from 'vscode';
import type { Server } from '../server.ts';
import { isText, toBinaryUri } from '../uris.ts';

interface Known {
  /** Id of the text, by which the server knows that it need not be sent again. */
  id: string;
  text: string;
  bytes: Uint8Array;
  /** What VS Code is told of its length: it reads a text again when that changes. */
  size: number;
  /** When the text last changed, in ms since 1970; strictly increasing. */
  mtime: number;
  /** Fetched ahead of a reload: the next read returns it. */
  ahead: boolean;
}

/** Texts by their own URI, not the binary's. `read`, `refresh` and `expand` reject when the server cannot answer. */
export class BinaryTexts implements Disposable {
  readonly #server: Server;
  readonly #known = new Map<string, Known>();
  /** Times that VS Code was told before there was a text. */
  readonly #told = new Map<string, number>();
  /** Texts that are on their way before VS Code asks for them. */
  readonly #ahead = new Map<string, Promise<Known>>();
  readonly #expanded = new Map<string, Set<number>>();
  readonly #changed = new EventEmitter<{ uri: Uri; type: FileChangeType }>();
  readonly #subscriptions: Disposable[];

  /** Fires when VS Code should look at a text again. */
  readonly onChanged: Event<{ uri: Uri; type: FileChangeType }> = this.#changed.event;

  constructor(server: Server) {
    this.#server = server;
    this.#subscriptions = [
      // A finished analysis may have brought a new text.
      server.onSummary(({ uri, about }) => {
        if (about !== 'analysis') return;
        for (const document of workspace.textDocuments) {
          if (isText(document) && toBinaryUri(document.uri).toString() === uri) void this.refresh(document.uri);
        }
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#known.delete(uri.toString());
        this.#told.delete(uri.toString());
      }),
    ];
  }

  /**
   * Size and time of a text. Before it is first read its size is unknown and its time is `madeFrom`, that of the
   * binary; both stay as they were told until the text changes, or else VS Code would read it twice.
   */
  stat(textUri: Uri, madeFrom: number): { size: number; mtime: number } {
    const key = textUri.toString();
    const known = this.#known.get(key);
    if (known) return { size: known.size, mtime: known.mtime };
    this.#told.set(key, madeFrom);
    return { size: 0, mtime: madeFrom };
  }

  /** Asks for a text that VS Code is about to read. What goes wrong is told to who reads it. */
  prepare(textUri: Uri): void {
    const key = textUri.toString();
    if (this.#ahead.has(key) || workspace.textDocuments.some(({ uri }) => uri.toString() === key)) return;
    this.#known.delete(key);
    const fetched = this.#fetch(textUri).then(({ known }) => {
      known.ahead = true;
      return known;
    });
    this.#ahead.set(key, fetched);
    fetched.catch(() => undefined).finally(() => this.#ahead.delete(key));
  }

  async read(textUri: Uri): Promise<Uint8Array> {
    const key = textUri.toString();
    await this.#ahead.get(key);
    const known = this.#known.get(key);
    if (known?.ahead) {
      known.ahead = false;
      return known.bytes;
    }
    return (await this.#fetch(textUri)).known.bytes;
  }

  /** Fetches the text from the server and returns it; VS Code reloads it when it has changed. */
  async refresh(textUri: Uri): Promise<string> {
    const { known, differs } = await this.#fetch(textUri);
    if (differs) {
      known.ahead = true;
      this.announce(textUri, FileChangeType.Changed);
    }
    return known.text;
  }

  /** Opens the elided body of a function. Returns the new text, which VS Code then loads. */
  async expand(textUri: Uri, func: number): Promise<string> {
    const key = textUri.toString();
    const open = this.#expanded.get(key) ?? new Set();
    this.#expanded.set(key, open.add(func));
    return this.refresh(textUri);
  }

  announce(uri: Uri, type: FileChangeType): void {
    this.#changed.fire({ uri, type });
  }

  /** The binary has changed: its function indices may mean other functions. */
  forgetExpanded(textUri: Uri): void {
    this.#expanded.delete(textUri.toString());
  }

  dispose(): void {
    for (const one of this.#subscriptions) one.dispose();
    this.#changed.dispose();
  }

  async #fetch(textUri: Uri): Promise<{ known: Known; differs: boolean }> {
    const key = textUri.toString();
    const have = this.#known.get(key);
    const { id, text = have?.text ?? '' } = await this.#server.request('wasmHazards/text', {
      uri: toBinaryUri(textUri).toString(),
      expand: [...(this.#expanded.get(key) ?? [])],
      have: have?.id,
    });
    const old = this.#known.get(key);
    if (old?.text === text) {
      old.id = id;
      return { known: old, differs: false };
    }
    const bytes = encode(text);
    const told = old === undefined ? this.#told.get(key) : undefined;
    const known: Known =
      told === undefined
        ? { id, text, bytes, size: bytes.length, mtime: Math.max(Date.now(), (old?.mtime ?? 0) + 1), ahead: false }
        : { id, text, bytes, size: 0, mtime: told, ahead: false };
    this.#known.set(key, known);
    return { known, differs: true };
  }
}

/** UTF-8, with a byte order mark if there is anything but ASCII, so that `files.encoding` does not garble names. */
function encode(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === text.length) return bytes;
  const marked = new Uint8Array(bytes.length + 3);
  marked.set([0xef, 0xbb, 0xbf]);
  marked.set(bytes, 3);
  return marked;
}
