/**
 * The binaries and sources that the client has opened or asked about, and the schedule of their
 * analyses. Queries are answered from finished states; nothing here blocks.
 */

import { fileName } from '../../../core/source/binary.ts';
import { binaryUriOf, TEXT_SCHEME, textUriOf } from '../../../core/text/documentUris.ts';
import { t } from '../../../core/text/l10n.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import type { ModuleSummary, Settings, TextParams, TextResult } from '../protocol.ts';
import type { OnProgress } from '../threads/jobs.ts';
import { type AnalysisCache, createAnalysisCache } from './binary/analysisCache.ts';
import { LiveBinary } from './binary/liveBinary.ts';
import { type LiveDocument, Unavailable } from './liveDocument.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { Platform } from './platform.ts';
import { Runs } from './runs.ts';
import { NO_RUNS, type ShownRuns } from './shownRuns.ts';
import { LiveSource } from './source/liveSource.ts';
import { splitModuleUri } from './source/sourceModule.ts';
import type { ContentChange } from './source/textChange.ts';
import type { View } from './view.ts';

/** An analysis starts this long after the last change: builds write files in several steps, and typing pauses. */
const DEBOUNCE_MS = 200;
/** Closed binaries whose state is kept in case they are reopened. */
const MAX_CLOSED = 8;

/** What the store reports to the server, which tells the client. */
export interface StoreEvents {
  /** A run starts; the result receives its progress and end. `finishEarly` ends it with a partial result. */
  started(document: LiveDocument, finishEarly: () => void): { progress: OnProgress; ended(): void };
  /** The document has a state that another one follows soon. */
  provisional(document: LiveDocument): void;
  /** The document has a new state. */
  finished(document: LiveDocument): void;
  /** Stress runs have shown something else of the document. */
  stressed(document: LiveDocument): void;
  /** The debug information of the document has been read. */
  sourcesRead(document: LiveDocument): void;
  /** The document's text was opened, closed or reloaded. */
  shownChanged(document: LiveDocument): void;
  /** A message for the log. */
  note(message: string): void;
  /** A run threw, which is a defect. */
  failed(document: LiveDocument, error: unknown): void;
}

interface Entry {
  document: LiveDocument;
  runs: Runs;
}

/**
 * Documents by the URI of their text. Asking for a binary that was never analysed starts its analysis and waits for it;
 * closed binaries are kept for a while, closed sources are forgotten.
 */
export class DocumentStore {
  /** By URI of the text. */
  readonly #entries = new Map<string, Entry>();
  readonly #cache: AnalysisCache = createAnalysisCache();
  readonly #platform: Platform;
  readonly #events: StoreEvents;
  /** What stress runs have shown, by key of the text: it outlives the documents, which are forgotten when they are closed. */
  readonly #shown = new Map<string, ShownRuns>();
  /** Keys of the texts of binaries whose files are open in other editors. */
  #elsewhere: ReadonlySet<string> = new Set();
  #settings: Settings;

  constructor(platform: Platform, events: StoreEvents, settings: Settings) {
    this.#platform = platform;
    this.#events = events;
    this.#settings = settings;
  }

  opened(textUri: string, version: number, text: string): void {
    const key = keyOfText(textUri);
    const known = this.#entries.get(key);
    const entry = known ?? this.#add(key, isPrinted(key) ? 'file' : 'text');
    entry.document.opened(version, text);
    this.#textChanged(entry, known === undefined);
  }

  changed(textUri: string, version: number, changes: readonly ContentChange[]): void {
    const entry = this.#entries.get(keyOfText(textUri));
    if (!entry) return;
    entry.document.changed(version, changes);
    this.#textChanged(entry, false);
  }

  closed(textUri: string): void {
    const key = keyOfText(textUri);
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.document.closed();
    if (!entry.document.isWanted) entry.runs.stop();
    if (entry.document.madeFrom === 'text') this.#entries.delete(key);
    this.#events.shownChanged(entry.document);
    this.#trim();
  }

  /** The file of a binary changed or was deleted. */
  fileChanged(uri: string): void {
    const key = textUriOf(uri);
    const entry = this.#entries.get(key);
    if (!entry) return;
    if (entry.document.isWanted) entry.runs.due(DEBOUNCE_MS);
    else this.#forget(key, entry);
  }

  /** The binaries that editors of other extensions show: their findings are among the problems, too. */
  openElsewhere(uris: readonly string[]): void {
    const keys = new Set(uris.map((uri) => this.#keyOf(uri)).filter(isPrinted));
    const closed = [...this.#elsewhere].filter((key) => !keys.has(key));
    const opened = [...keys].filter((key) => !this.#elsewhere.has(key));
    this.#elsewhere = keys;
    for (const key of opened) {
      const { document, runs } = this.#entries.get(key) ?? this.#add(key, 'file');
      document.openElsewhere(true);
      if (document.isAnalysed) this.#events.shownChanged(document);
      else if (!runs.isPending) runs.due(0);
    }
    for (const key of closed) {
      const entry = this.#entries.get(key);
      entry?.document.openElsewhere(false);
      if (entry) this.#events.shownChanged(entry.document);
    }
    this.#trim();
  }

  /** Applies new settings and repeats the analyses that depend on them. */
  configure(settings: Settings): void {
    this.#settings = settings;
    for (const [key, entry] of [...this.#entries]) {
      if (this.#isIdle(entry)) this.#forget(key, entry);
      else {
        const effect = entry.document.configure(settings);
        if (effect === 'again') entry.runs.due(0);
        else if (effect === 'new') this.#events.finished(entry.document);
      }
    }
  }

  /** Stress runs have shown something of a module, or its results were cleared. */
  shown(uri: string, runs: ShownRuns): void {
    const key = this.#keyOf(uri);
    if (runs.runs.length === 0) this.#shown.delete(key);
    else this.#shown.set(key, runs);
    const entry = this.#entries.get(key);
    if (entry?.document.show(runs)) this.#events.stressed(entry.document);
  }

  /** Manifests or folders changed: `auto` may choose another host. */
  hostsMayDiffer(): void {
    if (this.#settings.host === 'auto') this.foldersChanged();
  }

  /** Folders of the workspace came or went: files that belong to modules may be in others now. */
  foldersChanged(): void {
    for (const [key, entry] of [...this.#entries]) {
      if (this.#isIdle(entry)) this.#forget(key, entry);
      else entry.runs.due(DEBOUNCE_MS);
    }
  }

  /** The view of an open text; undefined before its first analysis. */
  view(textUri: string): View | undefined {
    return this.#entries.get(keyOfText(textUri))?.document.view();
  }

  /** The same, but waits for the first analysis. */
  async firstView(textUri: string): Promise<View | undefined> {
    const entry = this.#entries.get(keyOfText(textUri));
    if (entry && entry.document.view() === undefined) await entry.runs.settled();
    return entry?.document.view();
  }

  /** The same, but waits for the end of the first analysis: not an answer from a provisional state. */
  async conclusiveView(textUri: string): Promise<View | undefined> {
    const entry = this.#entries.get(keyOfText(textUri));
    if (entry && !entry.document.isAnalysed) await entry.runs.settled();
    return entry?.document.view();
  }

  /** The module at the URI of a binary, or of a module in an open source. @throws Unavailable */
  async module(uri: string): Promise<ModuleDocument> {
    const { document, runs } = this.#asked(uri);
    if (!document.isAnalysed && !runs.isPending) runs.due(0);
    await runs.settled();
    return document.module(uri);
  }

  /** All modules with a finished analysis. */
  modules(): ModuleDocument[] {
    return [...this.#entries.values()].flatMap(({ document }) => document.modules());
  }

  /** Summary of the document that `module(uri)` is of; undefined before its first analysis. */
  summary(uri: string): ModuleSummary | undefined {
    return this.#entries.get(this.#keyOf(uri))?.document.summary();
  }

  /** Whether `module(uri)` needs no new analysis. */
  isAnalysed(uri: string): boolean {
    const entry = this.#entries.get(this.#keyOf(uri));
    return entry?.document.isAnalysed === true && !entry.runs.isPending;
  }

  /** The current range of a range in the text that `module(uri)` was made from. */
  rangeToNow(uri: string, range: TextRange): TextRange | undefined {
    return this.#entries.get(this.#keyOf(uri))?.document.rangeToNow(uri, range);
  }

  /** Analyses again although nothing changed. @throws Unavailable */
  async analyse(uri: string): Promise<ModuleSummary> {
    const { document, runs } = this.#asked(uri);
    document.pin();
    runs.due(0);
    await runs.settled();
    const summary = document.summary();
    if (summary) return summary;
    throw new Error(`the analysis of ${uri} ended without a result; see the server's output`);
  }

  /**
   * The disassembly of a binary with these function bodies expanded. Rereads the file unless its text is open. A text
   * may be answered before its analysis ends. `have`: the id of the text that the client has.
   */
  async text({ uri, expand, have }: TextParams): Promise<TextResult> {
    const key = textUriOf(uri);
    const { document, runs } = this.#entries.get(key) ?? this.#add(key, 'file');
    if (!(document instanceof LiveBinary)) throw new Unavailable(t('{0} is not a binary.', fileName(uri)));
    const isNewRun = document.expandBodies(expand);
    if (isNewRun) runs.follow();
    if (runs.isPending) await Promise.race([document.printed(isNewRun), runs.settled()]);
    return document.text(have);
  }

  dispose(): void {
    for (const { runs } of this.#entries.values()) runs.stop();
    this.#entries.clear();
  }

  #keyOf(uri: string): string {
    if (isPrinted(uri)) return keyOfText(uri);
    const { uri: text } = splitModuleUri(uri);
    return isSourceName(text) || this.#entries.has(text) ? text : textUriOf(uri);
  }

  /** The entry of a binary, made if necessary, or of an open source. */
  #asked(uri: string): Entry {
    const key = this.#keyOf(uri);
    const entry = this.#entries.get(key) ?? (isPrinted(key) ? this.#add(key, 'file') : undefined);
    if (entry) return entry;
    throw new Unavailable(t('{0} is not open.', fileName(key)));
  }

  #add(textUri: string, madeFrom: LiveDocument['madeFrom']): Entry {
    const document: LiveDocument =
      madeFrom === 'file'
        ? new LiveBinary(binaryUriOf(textUri), this.#settings, this.#platform, this.#cache, {
            ready: () => this.#events.sourcesRead(document),
            failed: (error) => this.#events.failed(document, error),
          })
        : new LiveSource(textUri, this.#settings, this.#platform);
    document.show(this.#shown.get(textUri) ?? NO_RUNS);
    const runs: Runs = new Runs(async (control) => {
      const watch = this.#events.started(document, () => runs.finishEarly());
      try {
        const run = {
          ...control,
          onProgress: watch.progress,
          onProvisional: () => this.#events.provisional(document),
          note: this.#events.note,
        };
        if (await document.analyse(run)) this.#events.finished(document);
      } catch (error) {
        this.#events.failed(document, error);
      } finally {
        watch.ended();
      }
    });
    const entry: Entry = { document, runs };
    this.#entries.set(textUri, entry);
    this.#trim();
    return entry;
  }

  #textChanged({ document, runs }: Entry, first: boolean): void {
    if (document.madeFrom === 'text') {
      runs.due(first ? 0 : DEBOUNCE_MS);
      return;
    }
    if (!document.isAnalysed && !runs.isPending) runs.due(0);
    this.#events.shownChanged(document);
  }

  #isIdle({ document, runs }: Entry): boolean {
    return !document.isWanted && !runs.isPending;
  }

  #forget(textUri: string, { runs }: Entry): void {
    runs.stop();
    this.#entries.delete(textUri);
  }

  /** Drops the oldest idle documents. */
  #trim(): void {
    const idle = [...this.#entries].filter(([, entry]) => this.#isIdle(entry));
    for (const [key, entry] of idle.slice(0, Math.max(0, idle.length - MAX_CLOSED))) this.#forget(key, entry);
  }
}

/** Whether a URI is that of a disassembly. */
const isPrinted = (uri: string): boolean => uri.startsWith(`${TEXT_SCHEME}:`);

/** The key of a text. VS Code may encode its URI differently than we do. */
const keyOfText = (uri: string): string => (isPrinted(uri) ? textUriOf(binaryUriOf(uri)) : uri);

const isSourceName = (uri: string): boolean => /\.(?:wat|wast)$/i.test(uri.replace(/[?#].*$/s, ''));
