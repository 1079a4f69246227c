/**
 * A source that is open in the editor. While its text does not compile, the last analysis of each
 * module keeps answering, with its positions moved along with the edits.
 */

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DetectedHost } from '../../../../core/hosts/detect.ts';
import { fileName } from '../../../../core/source/binary.ts';
import { t } from '../../../../core/text/l10n.ts';
import { sourceLineStarts, type TextRange } from '../../../../core/text/lines.ts';
import { unpackWat } from '../../../../core/wat/watTransfer.ts';
import type { ModuleSummary, Settings } from '../../protocol.ts';
import type { JobOutcome } from '../../threads/analysisRunner.ts';
import type { SourceResult } from '../../threads/jobs.ts';
import { type AnalysisRun, type FileDiagnostics, type LiveDocument, Unavailable } from '../liveDocument.ts';
import type { ModuleDocument } from '../moduleDocument.ts';
import { failureText, hostOf, type Platform } from '../platform.ts';
import { NO_RUNS, type ShownRuns, withRuns } from '../shownRuns.ts';
import { summaryOf } from '../summary.ts';
import type { View } from '../view.ts';
import { MovedText } from './movedText.ts';
import { sourceDiagnostics } from './sourceDiagnostics.ts';
import { sourceModule, splitModuleUri, unpackModules } from './sourceModule.ts';
import type { GoodModule, LastRun, SourceState } from './sourceState.ts';
import { sourceView } from './sourceView.ts';
import { applyChange, type ContentChange } from './textChange.ts';

/** Errors of our own reader kept for a text that does not compile. */
const MAX_NOTICED = 20;

/** A source as the store keeps it: a `.wat` with one module, or a `.wast` with any number of them. */
export class LiveSource implements LiveDocument {
  readonly uri: string;
  readonly madeFrom = 'text';
  readonly #platform: Platform;
  #settings: Settings;
  /** Undefined when it is not open. */
  #document: TextDocument | undefined;
  #good: SourceState['good'] = [];
  #last: LastRun | undefined;
  #host: DetectedHost | undefined;
  #runs: ShownRuns = NO_RUNS;

  constructor(uri: string, settings: Settings, platform: Platform) {
    this.uri = uri;
    this.#settings = settings;
    this.#platform = platform;
  }

  get isAnalysed(): boolean {
    return this.#last !== undefined;
  }

  get isWanted(): boolean {
    return this.#document !== undefined;
  }

  opened(version: number, text: string): void {
    if (this.#document === undefined) this.#document = TextDocument.create(this.uri, 'wat', version, text);
    else this.changed(version, [{ text }]);
  }

  changed(version: number, changes: readonly ContentChange[]): void {
    if (this.#document === undefined) return;
    const texts = new Set(this.#good.flatMap((one) => (one ? [one.moved] : [])));
    for (const change of changes) {
      const edit = applyChange(this.#document, change, version);
      if (edit) for (const { edits } of texts) edits.add(edit.start, edit.end, edit.length);
    }
  }

  closed(): void {
    this.#document = undefined;
    this.#good = [];
  }

  /** No effect: a source is shown while it is open and forgotten when it is closed. */
  pin(): void {}

  /** No effect: whatever shows a source shows its text. */
  openElsewhere(_isOpen: boolean): void {}

  async analyse(run: AnalysisRun): Promise<boolean> {
    const settings = this.#settings;
    const host = await hostOf(this.uri, settings, this.#platform);
    const document = this.#document;
    if (!run.isCurrent() || document === undefined) return false;
    const started = performance.now();
    const text = document.getText();
    const job = this.#platform.runner.run(
      {
        kind: 'source',
        text,
        script: isScript(this.uri),
        host: host.host,
        model: settings.sharingModel,
        suspending: settings.suspendingImports,
        seconds: settings.analysisSeconds,
      },
      run.onProgress,
    );
    run.onJob(job);
    const outcome = await job.outcome;
    if (!run.isCurrent()) return false;
    this.#host = host;
    const found = this.#accept(document, outcome, text);
    this.#good = found.good;
    this.#applyRuns();
    this.#last = { ...found.last, milliseconds: performance.now() - started };
    if (outcome.kind === 'done') this.#note(outcome.result, run);
    return true;
  }

  configure(settings: Settings): 'again' | 'new' | 'same' {
    const old = this.#settings;
    this.#settings = settings;
    if (
      old.host !== settings.host ||
      old.sharingModel !== settings.sharingModel ||
      old.suspendingImports.join('\n') !== settings.suspendingImports.join('\n') ||
      old.analysisSeconds !== settings.analysisSeconds
    )
      return 'again';
    this.#good = this.#good.map((one) => one && { ...one, doc: { ...one.doc, settings } });
    return this.isAnalysed ? 'new' : 'same';
  }

  show(runs: ShownRuns): boolean {
    const same = this.#runs.runs.length === 0 && runs.runs.length === 0;
    this.#runs = runs;
    if (same || !this.isAnalysed) return false;
    this.#applyRuns();
    return true;
  }

  view(): View | undefined {
    return sourceView(this.#good);
  }

  module(uri: string): ModuleDocument {
    const found = this.#good[splitModuleUri(uri).index];
    if (found) return found.doc;
    throw new Unavailable(t('{0} does not compile.', fileName(this.uri)));
  }

  modules(): ModuleDocument[] {
    return this.#good.flatMap((one) => (one ? [one.doc] : []));
  }

  rangeToNow(uri: string, range: TextRange): TextRange | undefined {
    return this.#good[splitModuleUri(uri).index]?.moved.rangeToNow(range);
  }

  summary(): ModuleSummary | undefined {
    if (this.#last === undefined) return undefined;
    const modules = this.#good.flatMap((one) => (one ? [one.doc] : []));
    return summaryOf({
      uri: this.uri,
      modules,
      bytes: modules.reduce((sum, { module }) => sum + module.bytes.length, 0),
      milliseconds: this.#last.milliseconds,
      settings: this.#settings,
      host: this.#host,
      problem: this.#problem(),
    });
  }

  diagnostics(): FileDiagnostics[] {
    const document = this.#document;
    if (document === undefined || this.#last === undefined) return [];
    const state = { uri: this.uri, document, good: this.#good, last: this.#last };
    return [{ uri: this.uri, version: document.version, diagnostics: sourceDiagnostics(state) }];
  }

  #applyRuns(): void {
    this.#good = this.#good.map((one) => one && { ...one, doc: withRuns(one.doc, this.#runs) });
  }

  #accept(
    document: TextDocument,
    outcome: JobOutcome<SourceResult>,
    text: string,
  ): { good: SourceState['good']; last: Omit<LastRun, 'milliseconds'> } {
    const { version } = document;
    if (outcome.kind === 'done') {
      const { modules, wat } = outcome.result;
      const errors = modules.flatMap((one) => (one.kind === 'failed' ? [one.error] : []));
      const noticed = wat.errors.slice(0, MAX_NOTICED);
      return {
        good: this.#goodModules(document, outcome.result, text),
        last: { version, errors, noticed, problem: undefined },
      };
    }
    const problem =
      outcome.kind === 'cancelled'
        ? t('The analysis was stopped.')
        : failureText('source', this.uri, outcome, this.#settings);
    return {
      good: this.#good.map((one) => one && { ...one, stale: true }),
      last: { version, errors: [], noticed: [], problem },
    };
  }

  /** New analyses of modules that compiled. The others keep their last, unless the number of modules changed. */
  #goodModules(document: TextDocument, result: SourceResult, text: string): SourceState['good'] {
    const lineStarts = sourceLineStarts(text);
    const wat = unpackWat(result.wat, text);
    const moved = new MovedText(text, lineStarts, document);
    const context = { uri: this.uri, lineStarts, host: this.#host!, settings: this.#settings };
    const { version } = document;
    const isCurrent = (): boolean => this.#document?.version === version;
    const modules = unpackModules(result);
    const sameCount = modules.length === this.#good.length;
    return modules.map((found, index): GoodModule | undefined => {
      if (found.kind === 'failed') {
        const old = sameCount ? this.#good[index] : undefined;
        return old && { ...old, stale: true };
      }
      const doc = sourceModule(found, { wat, index, version, isCurrent }, context);
      return { doc, moved, invalid: found.invalid, stale: false };
    });
  }

  /** Why the analysis is missing or incomplete. */
  #problem(): string | undefined {
    if (this.#last?.problem !== undefined) return this.#last.problem;
    const [error] = this.#last?.errors ?? [];
    if (error !== undefined && this.#document !== undefined) {
      const { line, character } = this.#document.positionAt(error.start);
      return t('Does not compile: {0} ({1}:{2}).', error.message, line + 1, character + 1);
    }
    const invalid = this.#good.find((one) => one?.invalid?.kind === 'invalid');
    return invalid?.invalid && t('Not valid: {0}.', invalid.invalid.message);
  }

  /** Logs functions whose instructions the reader and the compiler count differently. */
  #note({ modules }: SourceResult, run: AnalysisRun): void {
    for (const found of modules) {
      if (found.kind === 'failed' || found.map.mismatches.length === 0) continue;
      const { mismatches } = found.map;
      const shown = mismatches.slice(0, 5).map(({ func, why }) => `function ${func}: ${why}`);
      run.note(
        `${this.uri}: ${mismatches.length} functions have findings for the whole function, not for single instructions (${shown.join('; ')})`,
      );
    }
  }
}

/** Only scripts have several modules. */
const isScript = (uri: string): boolean => /\.wast$/i.test(uri.replace(/[?#].*$/s, ''));
