/**
 * Source texts that are open in the editor. Each edit takes back the analysis that is under way and
 * starts another once the typing rests; until a text compiles, the last analysis of each module that
 * did goes on answering, its places moved with the edits.
 */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DetectedHost } from '../../../core/hosts/detect.ts';
import { fileName } from '../../../core/source/binary.ts';
import { sourceLineStarts, type TextRange } from '../../../core/text/lines.ts';
import { unpackWat } from '../../../core/wat/watTransfer.ts';
import type { Settings } from '../protocol.ts';
import type { Outcome } from '../threads/analysisRunner.ts';
import { MovedText } from './movedText.ts';
import { sourceDocument, splitModuleUri, unpackModules } from './sourceDocument.ts';
import type { GoodModule, SourceEntry } from './sourceEntry.ts';
import type { SourceResult, SourceRunner } from './sourceJob.ts';
import { applyChange, type ContentChange } from './textChange.ts';

/** Typing that pauses for so long is a text to look at. */
const DEBOUNCE_MS = 200;

/** Remarks of the reader that are kept of a text that does not compile. */
const MAX_NOTICED = 20;

/** What the platform gives. */
export interface SourcePlatform {
  /** Not called before there is a source. */
  sourceRunner(): SourceRunner;
  disposeSources(): Promise<void>;
  chooseHost(uri: string): Promise<DetectedHost>;
}

export interface SourceEvents {
  started(entry: SourceEntry): { progress(message: string, percentage: number | undefined): void; ended(): void };
  /** `entry.good`, `entry.last` or the settings are new; what the editor was told must be told again. */
  finished(entry: SourceEntry): void;
  closed(entry: SourceEntry): void;
  /** Something for the log: a function whose instructions the reader and the compiler count differently. */
  note(message: string): void;
  /** A defect of ours. */
  failed(entry: SourceEntry, error: unknown): void;
}

export class SourceStore {
  readonly #entries = new Map<string, SourceEntry>();
  readonly #platform: SourcePlatform;
  readonly #events: SourceEvents;
  #settings: Settings;

  constructor(platform: SourcePlatform, events: SourceEvents, settings: Settings) {
    this.#platform = platform;
    this.#events = events;
    this.#settings = settings;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get(uri: string): SourceEntry | undefined {
    return this.#entries.get(uri);
  }

  /** Waits for the first run, if there was none yet. */
  async first(uri: string): Promise<SourceEntry | undefined> {
    const entry = this.#entries.get(uri);
    if (entry && !entry.last) await entry.pending?.ended;
    return entry;
  }

  /** Where a range of the text that was analysed is now. */
  rangeToNow(uri: string, range: TextRange): TextRange | undefined {
    const { uri: text, index } = splitModuleUri(uri);
    return this.#entries.get(text)?.good[index]?.moved.rangeToNow(range);
  }

  opened(uri: string, version: number, text: string): void {
    const known = this.#entries.get(uri);
    if (known) {
      this.changed(uri, version, [{ text }]);
      return;
    }
    const entry: SourceEntry = {
      uri,
      document: TextDocument.create(uri, 'wat', version, text),
      good: [],
      last: undefined,
      choice: undefined,
      pending: undefined,
      timer: undefined,
      job: undefined,
      run: 0,
    };
    this.#entries.set(uri, entry);
    this.#later(entry, 0);
  }

  changed(uri: string, version: number, changes: readonly ContentChange[]): void {
    const entry = this.#entries.get(uri);
    if (!entry) return;
    const texts = new Set(entry.good.flatMap((one) => (one ? [one.moved] : [])));
    for (const change of changes) {
      const edit = applyChange(entry.document, change, version);
      if (edit) for (const { edits } of texts) edits.add(edit.start, edit.end, edit.length);
    }
    this.#later(entry);
  }

  closed(uri: string): void {
    const entry = this.#entries.get(uri);
    if (!entry) return;
    this.#stop(entry);
    settle(entry);
    this.#entries.delete(uri);
    this.#events.closed(entry);
  }

  /** Waits for the run that is under way or due. */
  async settled(uri: string): Promise<SourceEntry | undefined> {
    const entry = this.#entries.get(uri);
    await entry?.pending?.ended;
    return entry;
  }

  /** Analyses again although nothing changed. */
  async again(uri: string): Promise<SourceEntry | undefined> {
    const entry = this.#entries.get(uri);
    if (entry) this.#later(entry, 0);
    return this.settled(uri);
  }

  configure(settings: Settings): void {
    const old = this.#settings;
    this.#settings = settings;
    const deep =
      old.host !== settings.host ||
      old.sharingModel !== settings.sharingModel ||
      old.analysisSeconds !== settings.analysisSeconds;
    for (const entry of this.#entries.values()) {
      if (deep) this.#later(entry, 0);
      else {
        for (const one of entry.good) if (one) one.doc = { ...one.doc, settings };
        if (entry.last) this.#events.finished(entry);
      }
    }
  }

  hostsMayDiffer(): void {
    if (this.#settings.host === 'auto') for (const entry of this.#entries.values()) this.#later(entry);
  }

  finishEarly(uri: string): void {
    this.#entries.get(uri)?.job?.finishEarly();
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      this.#stop(entry);
      settle(entry);
    }
    this.#entries.clear();
  }

  #stop(entry: SourceEntry): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    entry.job?.cancel();
    entry.job = undefined;
    entry.run++;
  }

  /** Takes back what is under way and runs after `delay`. Whoever waits goes on waiting. */
  #later(entry: SourceEntry, delay = DEBOUNCE_MS): void {
    this.#stop(entry);
    entry.pending ??= pending();
    const { run } = entry;
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      void this.#run(entry, run).catch((error) => {
        this.#events.failed(entry, error);
        settle(entry);
      });
    }, delay);
  }

  async #run(entry: SourceEntry, run: number): Promise<void> {
    const watch = this.#events.started(entry);
    try {
      const settings = this.#settings;
      const choice: DetectedHost =
        settings.host === 'auto'
          ? await this.#platform.chooseHost(entry.uri)
          : { host: settings.host, reason: 'setting wasmHazards.host' };
      if (entry.run !== run) return;
      const started = performance.now();
      const text = entry.document.getText();
      const job = this.#platform.sourceRunner().run(
        {
          text,
          script: isScript(entry.uri),
          host: choice.host,
          model: settings.sharingModel,
          seconds: settings.analysisSeconds,
        },
        watch.progress,
      );
      entry.job = job;
      const outcome = await job.outcome;
      if (entry.run !== run) return;
      entry.job = undefined;
      entry.choice = choice;
      this.#accept(entry, outcome, text, performance.now() - started);
      settle(entry);
      this.#events.finished(entry);
    } finally {
      watch.ended();
    }
  }

  #accept(entry: SourceEntry, outcome: Outcome<SourceResult>, text: string, milliseconds: number): void {
    const { version } = entry.document;
    if (outcome.kind === 'done') {
      const { result } = outcome;
      const errors = result.modules.flatMap((one) => (one.kind === 'failed' ? [one.error] : []));
      entry.good = this.#goodModules(entry, result, text);
      const noticed = result.wat.errors.slice(0, MAX_NOTICED);
      entry.last = { version, errors, noticed, problem: undefined, milliseconds, times: result.times };
      return;
    }
    for (const one of entry.good) if (one) one.stale = true;
    const problem =
      outcome.kind === 'cancelled'
        ? 'The analysis was ended.'
        : failureText(fileName(entry.uri), outcome, this.#settings.analysisSeconds);
    entry.last = { version, errors: [], noticed: [], problem, milliseconds, times: undefined };
  }

  /** What compiled is new; what did not keeps its last analysis while it is still the same module by number. */
  #goodModules(entry: SourceEntry, result: SourceResult, text: string): SourceEntry['good'] {
    const lineStarts = sourceLineStarts(text);
    const wat = unpackWat(result.wat, text);
    const moved = new MovedText(text, lineStarts, {
      offsetAt: (position) => entry.document.offsetAt(position),
      positionAt: (offset) => entry.document.positionAt(offset),
    });
    const context = { uri: entry.uri, lineStarts, choice: entry.choice as DetectedHost, settings: this.#settings };
    const { version } = entry.document;
    const isCurrent = (): boolean => this.#entries.get(entry.uri)?.document.version === version;
    const modules = unpackModules(result);
    const sameCount = modules.length === entry.good.length;
    return modules.map((found, index): GoodModule | undefined => {
      if (found.kind === 'failed') {
        const old = sameCount ? entry.good[index] : undefined;
        return old && { ...old, stale: true };
      }
      this.#note(entry, found.map.mismatches);
      const doc = sourceDocument(found, { wat, index, version, isCurrent }, context);
      return { doc, moved, invalid: found.invalid, stale: false };
    });
  }

  #note(entry: SourceEntry, mismatches: readonly { func: number; why: string }[]): void {
    if (mismatches.length === 0) return;
    const shown = mismatches.slice(0, 5).map(({ func, why }) => `function ${func}: ${why}`);
    this.#events.note(
      `${entry.uri}: ${mismatches.length} functions are shown as a whole, their instructions are not told apart (${shown.join('; ')})`,
    );
  }
}

function pending(): NonNullable<SourceEntry['pending']> {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

function settle(entry: SourceEntry): void {
  entry.pending?.end();
  entry.pending = undefined;
}

/** Only scripts have several modules; an untitled text may become anything. */
const isScript = (uri: string): boolean => /\.wast$/i.test(uri.replace(/[?#].*$/s, ''));

function failureText(
  name: string,
  { reason, message }: Extract<Outcome<unknown>, { kind: 'failed' }>,
  seconds: number,
): string {
  switch (reason) {
    case 'time':
      return `Compiling and analysing ${name} ran over its ${seconds} s and was ended; raise wasmHazards.analysis.seconds to give it more.`;
    case 'memory':
      return `Compiling and analysing ${name} needs more than 1 GB of memory and was ended.`;
    case 'crash':
      return `Compiling ${name} failed inside Wasm Hazards: ${message.split('\n')[0]}. See Wasm Hazards: Show Output.`;
  }
}
