/**
 * A binary: the last finished state, and the document that the open text shows. Positions in requests
 * refer to the latter. The two differ until the editor has loaded a new text.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { textUriOf } from '../../../../core/text/documentUris.ts';
import type { TextRange } from '../../../../core/text/lines.ts';
import type { ModuleSummary, Settings, TextResult } from '../../protocol.ts';
import { type LazySources, lazySources, type SourceEvents } from '../lazySources.ts';
import { type AnalysisRun, type FileDiagnostics, type LiveDocument, Unavailable } from '../liveDocument.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import type { Platform } from '../platform.ts';
import { NO_RUNS, type ShownRuns, withRuns } from '../shownRuns.ts';
import type { ContentChange } from '../source/textChange.ts';
import { summaryOf } from '../summary.ts';
import { type View, viewOf } from '../view.ts';
import type { AnalysisCache } from './analysisCache.ts';
import { fileDiagnostics } from './binaryDiagnostics.ts';
import { type BinaryState, type ModuleState, textOf } from './binaryState.ts';
import { EarlyText } from './earlyText.ts';
import { type FileText, produce } from './produce.ts';

/** A binary as the store keeps it. Its text is a disassembly: the editor reloads it but never edits it. */
export class LiveBinary implements LiveDocument {
  readonly uri: string;
  readonly madeFrom = 'file';
  readonly #textUri: string;
  readonly #platform: Platform;
  readonly #cache: AnalysisCache;
  #settings: Settings;
  /** The last finished state. */
  #state: BinaryState | undefined;
  /** The document that the open text shows. */
  #shown: ModuleDocument | undefined;
  /** Text of the open editor document; undefined when it is not open. */
  #openText: string | undefined;
  #runs: ShownRuns = NO_RUNS;
  /** The debug information, and the module and the folders that it was read for. */
  #sources: { of: ModuleState; folders: string; sources: LazySources } | undefined;
  readonly #sourceEvents: SourceEvents;
  readonly #early = new EarlyText();
  /** The text that was answered last, by identity, and its id. */
  #answered: { text: string; id: string } | undefined;
  #pinned = false;
  #isOpenElsewhere = false;
  /** Functions whose bodies the user opened. */
  #expand: readonly number[] = [];

  /** `sourceEvents`: the document has a new state because its debug information has been read. */
  constructor(uri: string, settings: Settings, platform: Platform, cache: AnalysisCache, sourceEvents: SourceEvents) {
    this.uri = uri;
    this.#textUri = textUriOf(uri);
    this.#settings = settings;
    this.#platform = platform;
    this.#cache = cache;
    this.#sourceEvents = sourceEvents;
  }

  get isAnalysed(): boolean {
    return this.#state !== undefined && !isProvisional(this.#state);
  }

  get isWanted(): boolean {
    return this.#openText !== undefined || this.#pinned || this.#isOpenElsewhere;
  }

  opened(_version: number, text: string): void {
    this.#openText = text;
    this.#matchShown();
  }

  /** The editor reloaded the text; it reports that as edits or as a whole. */
  changed(version: number, changes: readonly ContentChange[]): void {
    if (this.#openText === undefined) return;
    const document = TextDocument.create(this.#textUri, 'wat', version, this.#openText);
    this.opened(version, TextDocument.update(document, [...changes], version).getText());
  }

  closed(): void {
    this.#openText = undefined;
    this.#shown = undefined;
  }

  pin(): void {
    this.#pinned = true;
  }

  openElsewhere(isOpen: boolean): void {
    this.#isOpenElsewhere = isOpen;
  }

  /** Sets the functions whose bodies the text shows in full. Returns whether that needs another run. */
  expandBodies(expand: readonly number[]): boolean {
    const same = expand.length === this.#expand.length && expand.every((func) => this.#expand.includes(func));
    this.#expand = expand;
    // A text that is not open is not kept up to date.
    return !same || !this.isAnalysed || this.#openText === undefined;
  }

  async analyse(run: AnalysisRun): Promise<boolean> {
    const number = this.#early.begin();
    const state = await produce({
      uri: this.uri,
      expand: [...this.#expand],
      settings: this.#settings,
      platform: this.#platform,
      cache: this.#cache,
      run,
      onText: (text) => {
        if (run.isCurrent()) this.#early.printed(number, text);
      },
      onFirst: (state) => {
        // What was known before is better than this.
        if (!run.isCurrent() || (this.isAnalysed && this.#state?.kind === 'module')) return;
        this.#state = this.#withSources(state);
        this.#applyRuns();
        run.onProvisional();
      },
    }).catch((error) => {
      this.#early.ended(number);
      throw error;
    });
    if (state === undefined || !run.isCurrent()) {
      this.#early.cancelled(number);
      return false;
    }
    // The client requests the text after each new state, so an unchanged state must not count as new.
    const isNew = !sameState(this.#state, state);
    this.#state = this.#withSources(state);
    this.#applyRuns();
    this.#early.ended(number);
    return isNew;
  }

  /**
   * Resolves when there is a text to answer with: that of the active run, or of the one after it if `later`. Not a
   * promise of a text: the run may have ended without one.
   */
  printed(later: boolean): Promise<void> {
    return this.#early.since(this.#early.run + (later ? 1 : 0));
  }

  configure(settings: Settings): 'again' | 'new' | 'same' {
    const old = this.#settings;
    this.#settings = settings;
    if (
      old.host !== settings.host ||
      old.sharingModel !== settings.sharingModel ||
      old.suspendingImports.join('\n') !== settings.suspendingImports.join('\n') ||
      old.textBudget !== settings.textBudget ||
      old.analysisSeconds !== settings.analysisSeconds
    )
      return 'again';
    if (this.#state?.kind !== 'module') return 'same';
    this.#state = this.#withSources({ ...this.#state, doc: { ...this.#state.doc, settings } });
    this.#matchShown();
    return 'new';
  }

  show(runs: ShownRuns): boolean {
    const same = this.#runs.runs.length === 0 && runs.runs.length === 0;
    this.#runs = runs;
    if (same || this.#state?.kind !== 'module') return false;
    this.#applyRuns();
    return true;
  }

  view(): View | undefined {
    return this.#shown && viewOf(this.#shown);
  }

  module(): ModuleDocument {
    const state = this.#finishedState();
    if (state.kind === 'unreadable') throw new Unavailable(state.message);
    return state.doc;
  }

  modules(): ModuleDocument[] {
    return this.#state?.kind === 'module' ? [this.#state.doc] : [];
  }

  /** The text, which is left out if it is the one with the id `have`. */
  text(have: string | undefined): TextResult {
    const { text, bytes, mtime } = this.#early.text ?? this.#finishedText();
    if (this.#answered?.text !== text) this.#answered = { text, id: newTextId() };
    const { id } = this.#answered;
    return { id, text: id === have ? undefined : text, bytes, mtime };
  }

  #finishedText(): FileText {
    const state = this.#finishedState();
    return { text: textOf(state), bytes: state.bytes, mtime: state.mtime };
  }

  /** A disassembly is never edited. */
  rangeToNow(_uri: string, range: TextRange): TextRange {
    return range;
  }

  summary(): ModuleSummary | undefined {
    const state = this.#state;
    if (state === undefined) return undefined;
    const { uri } = this;
    const settings = this.#settings;
    return state.kind === 'module'
      ? summaryOf({ uri, modules: [state.doc], bytes: state.bytes, milliseconds: state.milliseconds, settings })
      : summaryOf({ uri, modules: [], bytes: state.bytes, milliseconds: 0, settings, problem: state.message });
  }

  diagnostics(): FileDiagnostics[] {
    if (this.#state === undefined || !this.isWanted) return [];
    if (this.#state.kind === 'module') this.#state.doc.sources.now();
    return fileDiagnostics(this.#state, { isOpen: this.#openText !== undefined, shown: this.#shown });
  }

  /** The editor shows the state once its text is the state's text; until then it shows the old one. */
  #matchShown(): void {
    const state = this.#state;
    if (!state || this.#openText === undefined) return;
    if (state.kind === 'unreadable') this.#shown = undefined;
    else if (state.doc.text === this.#openText) {
      this.#shown = state.doc;
      this.#openText = state.doc.text; // One copy of a long text is enough.
    }
  }

  /** The state with its debug information, which stays as long as the file and the folders of sources do, if it is complete. */
  #withSources(state: BinaryState): BinaryState {
    if (state.kind !== 'module') return state;
    const settings = this.#settings;
    const last = this.#sources;
    const folders = JSON.stringify([settings.sourcePaths, this.#platform.roots()]);
    const isSame =
      last?.of.doc.module === state.doc.module &&
      last.of.mtime === state.mtime &&
      !last.sources.isIncomplete &&
      last.folders === folders;
    const { uri } = this;
    const sources: LazySources = isSame
      ? last.sources
      : lazySources(
          state.doc.module,
          () => this.#platform.sources({ uri, module: state.doc.module, mtime: state.mtime }, settings),
          { ready: () => this.#whenRead(sources), failed: (error) => this.#sourceEvents.failed(error) },
        );
    this.#sources = { of: state, folders, sources };
    return { ...state, doc: { ...state.doc, sources } };
  }

  /** A new document, because a document never changes. */
  #whenRead(sources: LazySources): void {
    if (this.#state?.kind !== 'module' || this.#state.doc.sources !== sources) return;
    this.#state = { ...this.#state, doc: { ...this.#state.doc } };
    this.#matchShown();
    this.#sourceEvents.ready();
  }

  #applyRuns(): void {
    if (this.#state?.kind === 'module') this.#state = { ...this.#state, doc: withRuns(this.#state.doc, this.#runs) };
    this.#matchShown();
  }

  #finishedState(): BinaryState {
    if (this.#state) return this.#state;
    throw new Error(`the analysis of ${this.uri} ended without a result; see the server's output`);
  }
}

/** Servers that follow one another must not give texts of one file the same id. */
const SERVER_ID = Math.random().toString(36).slice(2);
let lastTextId = 0;
const newTextId = (): string => `${SERVER_ID}.${++lastTextId}`;

const isProvisional = (state: BinaryState): boolean => state.kind === 'module' && state.doc.isProvisional === true;

function sameState(a: BinaryState | undefined, b: BinaryState): boolean {
  if (a?.kind !== b.kind || a.mtime !== b.mtime) return false;
  if (a.kind === 'unreadable' || b.kind === 'unreadable') return textOf(a) === textOf(b);
  return (
    a.doc.analysis === b.doc.analysis &&
    a.doc.text === b.doc.text &&
    a.doc.settings === b.doc.settings &&
    a.doc.hostReason === b.doc.hostReason
  );
}
