/**
 * The texts of binaries on the client: what VS Code was given last, when that last changed, and which
 * bodies the user opened. Everything that reads or changes a text goes through here, because VS Code
 * reads a file again only when its time or size has changed.
 */
import { type Disposable, type Event, EventEmitter, FileChangeType, type Uri, workspace } from 'vscode';
import type { Server } from '../server.ts';
import { isText, toBinaryUri } from '../uris.ts';

interface Known {
  text: string;
  bytes: Uint8Array;
  /** When the text last changed, in ms since 1970; strictly increasing. */
  mtime: number;
  /** Fetched ahead of a reload: the next read returns it. */
  ahead: boolean;
}

/** Texts by their own URI, not the binary's. `read`, `refresh` and `expand` reject when the server cannot answer. */
export class BinaryTexts implements Disposable {
  readonly #server: Server;
  readonly #known = new Map<string, Known>();
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
      workspace.onDidCloseTextDocument((document) => this.#known.delete(document.uri.toString())),
    ];
  }

  /** Size and time of a text; undefined before it is first read. */
  stat(textUri: Uri): { size: number; mtime: number } | undefined {
    const known = this.#known.get(textUri.toString());
    return known && { size: known.bytes.length, mtime: known.mtime };
  }

  async read(textUri: Uri): Promise<Uint8Array> {
    const known = this.#known.get(textUri.toString());
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
    const { text } = await this.#server.request('wasmHazards/text', {
      uri: toBinaryUri(textUri).toString(),
      expand: [...(this.#expanded.get(key) ?? [])],
    });
    const old = this.#known.get(key);
    if (old?.text === text) return { known: old, differs: false };
    const known = { text, bytes: encode(text), mtime: Math.max(Date.now(), (old?.mtime ?? 0) + 1), ahead: false };
    this.#known.set(key, known);
    return { known, differs: true };
  }
}

/** UTF-8, with a byte order mark if there is anything but ASCII, so that `files.encoding` does not garble names. */
function encode(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === text.length ? bytes : Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]);
}
