/**
 * The binaries that the client has asked for. For each: the last finished state, the state that
 * the open text shows (positions of a request mean that one), and at most one run at a time that
 * newer wishes supersede. Everything is answered from finished states; nothing here blocks.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { binaryUriOf, textUriOf } from '../../../core/text/documentUris.ts';
import type { Settings } from '../protocol.ts';
import type { RunningJob } from '../threads/analysisRunner.ts';
import { type DocumentState, textOf } from './documentState.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import { produce, type Sources } from './produce.ts';
import type { ContentChange } from './textChange.ts';

/** A build writes a file in several steps: wait until it has been quiet for so long. */
const DEBOUNCE_MS = 200;
/** Closed documents whose state is kept for a reopening tab. */
const MAX_CLOSED = 8;

export interface Entry {
  readonly uri: string;
  readonly textUri: string;
  /** The last finished state. */
  state: DocumentState | undefined;
  /** The document that the open text shows; positions in requests refer to it. */
  shown: ModuleDocument | undefined;
  /** Text of the open editor document, undefined when none is open. */
  openText: string | undefined;
  /** Diagnostics of the binary stay although no text is open: the user asked for an analysis. */
  pinned: boolean;
  expand: number[];
  /** Something changed since the last run began. */
  dirty: boolean;
  running: Promise<void> | undefined;
  job: RunningJob | undefined;
  timer: NodeJS.Timeout | undefined;
}

export interface StoreEvents {
  /** A run starts; the result receives its progress and its end. */
  started(entry: Entry): { progress(message: string, percentage: number | undefined): void; ended(): void };
  /** `entry.state` is new. */
  finished(entry: Entry): void;
  /** `entry.shown` or `entry.openText` changed without a new state. */
  shownChanged(entry: Entry): void;
  /** A run threw: a defect of ours. */
  failed(entry: Entry, error: unknown): void;
}

export class DocumentStore {
  readonly #entries = new Map<string, Entry>();
  readonly #sources: Sources;
  readonly #events: StoreEvents;
  #settings: Settings;

  constructor(sources: Sources, events: StoreEvents, settings: Settings) {
    this.#sources = sources;
    this.#events = events;
    this.#settings = settings;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The document that the open text `textUri` shows, at once: undefined while there is none. */
  shown(textUri: string): ModuleDocument | undefined {
    return this.#entries.get(binaryUriOf(textUri))?.shown;
  }

  /** The same, but waits for the first one. */
  async firstShown(textUri: string): Promise<ModuleDocument | undefined> {
    const entry = this.#entries.get(binaryUriOf(textUri));
    if (entry && !entry.shown) await this.#settle(entry);
    return entry?.shown;
  }

  /** Last finished state of a binary, made if there is none. */
  async state(uri: string): Promise<DocumentState> {
    const entry = this.#entry(binaryUriOf(uri));
    if (!entry.state) entry.dirty = true;
    await this.#settle(entry);
    return finishedState(entry);
  }

  /** State for the text with these bodies expanded; reads the file unless an open text is up to date. */
  async textState(uri: string, expand: number[]): Promise<DocumentState> {
    const entry = this.#entry(binaryUriOf(uri));
    const same = expand.length === entry.expand.length && expand.every((func) => entry.expand.includes(func));
    const upToDate = entry.state !== undefined && entry.openText !== undefined && same;
    entry.expand = [...expand];
    if (!upToDate) entry.dirty = true;
    await this.#settle(entry);
    return finishedState(entry);
  }

  /** Analyses again although nothing changed. */
  async again(uri: string): Promise<DocumentState> {
    const entry = this.#entry(binaryUriOf(uri));
    entry.pinned = true;
    this.#supersede(entry);
    await this.#settle(entry);
    return finishedState(entry);
  }

  /** The file behind `uri` changed or vanished. Unknown files are nobody's business. */
  binaryChanged(uri: string): void {
    const entry = this.#entries.get(binaryUriOf(uri));
    if (!entry) return;
    if (entry.openText === undefined && !entry.pinned) this.#forget(entry);
    else this.#later(entry);
  }

  opened(textUri: string, text: string): void {
    const entry = this.#entry(binaryUriOf(textUri));
    entry.openText = text;
    if (!entry.state && !entry.running) this.#later(entry, 0);
    this.#matchShown(entry);
    this.#events.shownChanged(entry);
  }

  /** The editor reloaded the text; as edits, or whole. */
  edited(textUri: string, changes: readonly ContentChange[]): void {
    const entry = this.#entries.get(binaryUriOf(textUri));
    if (entry?.openText === undefined) return;
    const document = TextDocument.create(textUri, 'wat', 0, entry.openText);
    this.opened(textUri, TextDocument.update(document, [...changes], 0).getText());
  }

  closed(textUri: string): void {
    const entry = this.#entries.get(binaryUriOf(textUri));
    if (!entry) return;
    entry.openText = undefined;
    entry.shown = undefined;
    if (!entry.pinned) {
      clearTimeout(entry.timer);
      entry.job?.cancel();
    }
    this.#events.shownChanged(entry);
    this.#trim();
  }

  /** New settings: analyses again what depends on them, re-dresses the rest. */
  configure(settings: Settings): void {
    const old = this.#settings;
    this.#settings = settings;
    const deep =
      old.host !== settings.host ||
      old.sharingModel !== settings.sharingModel ||
      old.textBudget !== settings.textBudget ||
      old.analysisSeconds !== settings.analysisSeconds;
    for (const entry of [...this.#entries.values()]) {
      if (entry.openText === undefined && !entry.pinned && !entry.running) this.#forget(entry);
      else if (deep) this.#later(entry, 0);
      else if (entry.state?.kind === 'module') {
        entry.state = { ...entry.state, doc: { ...entry.state.doc, settings } };
        this.#matchShown(entry);
        this.#events.finished(entry);
      }
    }
  }

  /** Manifests or folders changed: `auto` may choose another host. */
  hostsMayDiffer(): void {
    if (this.#settings.host !== 'auto') return;
    for (const entry of [...this.#entries.values()]) {
      if (entry.openText === undefined && !entry.pinned && !entry.running) this.#forget(entry);
      else this.#later(entry);
    }
  }

  /** Ends the run of a binary early; what is known becomes its partial result. */
  finishEarly(uri: string): void {
    this.#entries.get(uri)?.job?.finishEarly();
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer);
      entry.job?.cancel();
    }
    this.#entries.clear();
  }

  #entry(uri: string): Entry {
    const known = this.#entries.get(uri);
    if (known) return known;
    const entry: Entry = {
      uri,
      textUri: textUriOf(uri),
      state: undefined,
      shown: undefined,
      openText: undefined,
      pinned: false,
      expand: [],
      dirty: false,
      running: undefined,
      job: undefined,
      timer: undefined,
    };
    this.#entries.set(uri, entry);
    this.#trim();
    return entry;
  }

  #later(entry: Entry, delay = DEBOUNCE_MS): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      this.#supersede(entry);
      void this.#settle(entry);
    }, delay);
  }

  #supersede(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.dirty = true;
    entry.job?.cancel();
  }

  /** Runs until nothing is newer than the state. All callers share one run. */
  async #settle(entry: Entry): Promise<void> {
    do {
      entry.running ??= this.#loop(entry).finally(() => {
        entry.running = undefined;
      });
      await entry.running;
      // A wish that came between the end of the loop and here is not lost.
    } while (entry.dirty);
  }

  async #loop(entry: Entry): Promise<void> {
    while (entry.dirty) {
      entry.dirty = false;
      const watch = this.#events.started(entry);
      try {
        const state = await produce(
          {
            uri: entry.uri,
            expand: entry.expand,
            settings: this.#settings,
            onProgress: watch.progress,
            onJob: (job) => {
              entry.job = job;
              // Superseded while the file was read: there was no job to cancel yet.
              if (entry.dirty) job.cancel();
            },
          },
          this.#sources,
        );
        if (state) {
          // The client asks for the text after each finished state; one that says nothing new must not make it ask again.
          const news = !sameState(entry.state, state);
          entry.state = state;
          this.#matchShown(entry);
          if (news) this.#events.finished(entry);
        }
      } catch (error) {
        this.#events.failed(entry, error);
      } finally {
        entry.job = undefined;
        watch.ended();
      }
    }
  }

  /** The state is what the editor shows when the texts agree; until then the old one is. */
  #matchShown(entry: Entry): void {
    const { state, openText } = entry;
    if (!state || openText === undefined) return;
    if (state.kind === 'unreadable') entry.shown = undefined;
    else if (state.doc.text === openText) {
      entry.shown = state.doc;
      entry.openText = state.doc.text; // One copy of a long text is enough.
    }
  }

  #forget(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.job?.cancel();
    this.#entries.delete(entry.uri);
  }

  /** Drops the oldest entries that nobody looks at. */
  #trim(): void {
    const idle = [...this.#entries.values()].filter(
      (entry) => entry.openText === undefined && !entry.running && !entry.pinned,
    );
    for (const entry of idle.slice(0, Math.max(0, idle.length - MAX_CLOSED))) this.#forget(entry);
  }
}

function sameState(a: DocumentState | undefined, b: DocumentState): boolean {
  if (a?.kind !== b.kind || a.mtime !== b.mtime) return false;
  if (a.kind === 'unreadable' || b.kind === 'unreadable') return textOf(a) === textOf(b);
  return (
    a.doc.analysis === b.doc.analysis &&
    a.doc.text === b.doc.text &&
    a.doc.settings === b.doc.settings &&
    a.doc.hostReason === b.doc.hostReason
  );
}

function finishedState(entry: Entry): DocumentState {
  if (entry.state) return entry.state;
  throw new Error(`the analysis of ${entry.uri} ended without a result; see the server's output`);
}

/** Text of an entry's last state, undefined before the first. */
export const currentText = (entry: Entry): string | undefined => (entry.state ? textOf(entry.state) : undefined);
