/** The store with a runner that only counts: what is analysed when, and what is not. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis } from '../../../core/analysis/model.ts';
import { packAnalysis } from '../../../core/analysis/transfer.ts';
import { digestOf } from '../../../core/analysis/verdict/digest.ts';
import { shownExploration } from '../../../core/report/shown/shownRun.ts';
import { made } from '../../../core/report/testing/madeResults.ts';
import { ReadFailure } from '../../../core/source/binary.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { textUriOf } from '../../../core/text/documentUris.ts';
import { lineStartsOf } from '../../../core/text/lines.ts';
import { contentKey } from '../../../core/wasm/contentKey.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { disassemble } from '../../../core/wasm/printer.ts';
import { shareBytes } from '../../../node/readBinary.ts';
import { DEFAULT_SETTINGS } from '../defaultSettings.ts';
import { textDiagnostics } from '../features/diagnostics.ts';
import { moduleItems } from '../features/tree/moduleItems.ts';
import { moduleRow } from '../features/tree/moduleRow.ts';
import type { AnalysisRunner, JobOutcome, RunningJob } from '../threads/analysisRunner.ts';
import type { AnalysedBinary, BinaryJob, BinaryPart, Job, OnPart, OnProgress, ResultOf } from '../threads/jobs.ts';
import { packModule } from '../threads/moduleTransfer.ts';
import { NO_SOURCES } from './lazySources.ts';
import { Unavailable } from './liveDocument.ts';
import type { ModuleDocument } from './moduleDocument.ts';
import type { Platform } from './platform.ts';
import { NO_RUNS } from './shownRuns.ts';
import { DocumentStore } from './store.ts';

const A = 'file:///a.wasm';

/** Works in this thread, after `gate` when there is one. */
function work(job: BinaryJob): AnalysedBinary & { first: BinaryPart } {
  const module = decodeModule(job.bytes);
  const { text, lineOffsets, elided } = disassemble(module, {
    bodyBudget: job.bodyBudget,
    prefer: [],
    expand: new Set(job.expand),
  });
  let first: Analysis | undefined;
  const analysis = analyse(module, {
    host: job.host,
    model: job.model,
    onFirst: (given) => {
      first = given;
    },
  });
  assert.ok(first);
  const packed = { analysis: packAnalysis(first), digest: digestOf(module, first) };
  return {
    first: { kind: 'first', module: packModule(module), milliseconds: 1, ...packed },
    module: packModule(module),
    analysis: packAnalysis(analysis),
    digest: digestOf(module, analysis),
    printed: { text, lineOffsets, elided, lineStarts: lineStartsOf(text) },
    prefer: new Uint32Array(),
    milliseconds: 1,
  };
}

type Outcome = JobOutcome<AnalysedBinary>;

describe('document store', () => {
  let files: Map<string, string>;
  let jobs: BinaryJob[];
  let provisional: string[];
  let finished: string[];
  let stressed: string[];
  let failures: unknown[];
  let outcomes: Outcome[];
  let gate: Promise<void> | undefined;
  /** Whether jobs send parts of the result before they wait for the gate. */
  let printsFirst: boolean;
  let store: DocumentStore;
  let first: string[];

  beforeEach(() => {
    files = new Map([[A, 'counter-global.wasm']]);
    jobs = [];
    provisional = [];
    finished = [];
    failures = [];
    outcomes = [];
    stressed = [];
    gate = undefined;
    printsFirst = false;
    const runner: AnalysisRunner = {
      run<J extends Job>(asked: J, _onProgress: OnProgress, onPart?: OnPart) {
        const job = asked as Job;
        assert.ok(job.kind === 'binary');
        jobs.push(job);
        const prepared = outcomes.shift();
        let cancel!: () => void;
        const cancelled = new Promise<Outcome>((resolve) => {
          cancel = () => resolve({ kind: 'cancelled' });
        });
        const done = (async (): Promise<Outcome> => {
          const { first, ...result } = work(job);
          if (printsFirst && result.printed !== 'sent') {
            onPart?.({ kind: 'printed', printed: result.printed, prefer: result.prefer });
            onPart?.(first);
            result.printed = result.module = 'sent';
          }
          await gate;
          return prepared ?? { kind: 'done', result };
        })();
        const running: RunningJob = { outcome: Promise.race([cancelled, done]), cancel, finishEarly() {} };
        return running as RunningJob<ResultOf<J>>;
      },
      dispose: async () => {},
    };
    const platform: Platform = {
      packed: () => undefined,
      async read(uri) {
        const name = files.get(uri);
        if (!name) throw new ReadFailure('missing', `${uri} does not exist.`);
        return shareBytes(readFileSync(join(FIXTURES, name)), 1, name);
      },
      chooseHost: async () => ({ host: 'wazero', reason: 'test' }),
      roots: () => [],
      sources: () => NO_SOURCES.loaded(),
      runner,
    };
    store = new DocumentStore(
      platform,
      {
        started: () => ({ progress() {}, ended() {} }),
        provisional: (entry) => provisional.push(entry.uri),
        finished: (entry) => finished.push(entry.uri),
        stressed: (entry) => stressed.push(entry.uri),
        sourcesRead() {},
        shownChanged() {},
        note() {},
        failed: (_, error) => failures.push(error),
      },
      DEFAULT_SETTINGS,
    );
  });

  const open = async (uri: string, expand: number[] = []): Promise<string> => {
    const { text = '' } = await store.text({ uri, expand });
    store.opened(textUriOf(uri), 1, text);
    return text;
  };
  /** The document that the open text of `A` shows. */
  const shown = (): ModuleDocument | undefined => {
    const textDocument = { uri: textUriOf(A) };
    return store.view(textDocument.uri)?.ask({ textDocument }, (doc) => doc);
  };

  it('answers with a text that is printed first, and shows the document when it is analysed', async () => {
    printsFirst = true;
    let open!: () => void;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const { text = '', id } = await store.text({ uri: A, expand: [] });
    assert.match(text, /^\(module/m);
    store.opened(textUriOf(A), 1, text);
    assert.ok(shown()?.isProvisional, 'only what pointers cannot change');
    assert.deepEqual([provisional, finished], [[A], []]);
    const before = shown() as ModuleDocument;
    assert.deepEqual(
      textDiagnostics(before).map(({ code }) => code),
      ['global-write', 'global-read'],
    );
    const conclusive = store.conclusiveView(textUriOf(A));
    open();
    const answered = (await conclusive)?.ask({ textDocument: { uri: textUriOf(A) } }, (doc) => doc);
    assert.ok(answered && !answered.isProvisional, 'a hover waits for the end');
    assert.equal((await store.module(A)).text, text);
    const after = shown() as ModuleDocument;
    assert.equal(after.isProvisional, undefined);
    assert.equal(after.module, before.module, 'the module is transferred once');
    assert.deepEqual([provisional, finished, jobs.length], [[A], [A], 1]);
    const again = await store.text({ uri: A, expand: [], have: id });
    assert.deepEqual([again.text, again.id], [undefined, id]);
    assert.equal((await store.text({ uri: A, expand: [], have: 'of another server' })).text, text);
  });

  it('gives back what rows of a list have asked for: a few modules stay, the others are analysed again', async () => {
    const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.wasm'));
    assert.ok(names.length > 20);
    for (const name of names) files.set(`file:///${name}`, name);
    for (const name of names) {
      const uri = `file:///${name}`;
      assert.notEqual((await moduleRow(store, uri)).tone, 'broken', name);
      const items = moduleItems(await store.module(uri), '', 200);
      assert.ok(store.modules().length <= 9, `${store.modules().length} documents are kept`);
      if (name === names[0]) first = items.map(({ label }) => label);
    }
    const again = moduleItems(await store.module(`file:///${names[0]}`), '', 200);
    assert.deepEqual(
      again.map(({ label }) => label),
      first,
    );
  });

  it('shows a document once its text is open', async () => {
    const { text = '' } = await store.text({ uri: A, expand: [] });
    assert.equal(shown(), undefined);
    store.opened(textUriOf(A), 1, text);
    assert.equal(shown()?.analysis.exports.length, 2);
    store.closed(textUriOf(A));
    assert.equal(shown(), undefined);
  });

  it('analyses equal contents once, wherever they lie', async () => {
    files.set('file:///b.wasm', 'counter-global.wasm');
    await open(A);
    store.closed(textUriOf(A));
    await open(A);
    await open('file:///b.wasm');
    assert.equal(jobs.length, 1);
  });

  it('prints again without analysing when bodies are opened', async () => {
    await open(A);
    await store.text({ uri: A, expand: [2] });
    assert.equal(jobs.length, 2);
    assert.notEqual(jobs[1].textOnly, undefined);
    await store.text({ uri: A, expand: [2] });
    assert.equal(jobs.length, 2);
  });

  it('takes the newest of several wishes', async () => {
    let release!: () => void;
    gate = new Promise((resolve) => {
      release = resolve;
    });
    const first = store.module(A);
    const again = store.analyse(A).then(() => store.module(A));
    files.set(A, 'pure.wasm');
    release();
    const [one, two] = await Promise.all([first, again]);
    assert.equal(one, two);
    assert.deepEqual(failures, []);
  });

  it('tells once of a state that asking again does not change', async () => {
    await open(A);
    await store.module(A);
    await store.text({ uri: A, expand: [] });
    assert.deepEqual(finished, [A]);
  });

  it('changes severities without a job', async () => {
    await open(A);
    store.configure({ ...DEFAULT_SETTINGS, rules: { 'global-write': 'off' } });
    assert.equal(shown()?.settings.rules['global-write'], 'off');
    assert.equal(jobs.length, 1);
  });

  it('keeps what stress runs have shown of a file through closing and new settings, until it has other contents', async () => {
    const run = shownExploration(made([[['increment']], [['increment']]]));
    const content = contentKey(new Uint8Array(readFileSync(join(FIXTURES, 'counter-global.wasm'))));
    const told = (): number => shown()?.shown.runs.length ?? -1;
    store.shown(A, { content, runs: [run] });
    await open(A);
    assert.equal(told(), 1);
    store.closed(textUriOf(A));
    await open(A);
    store.configure({ ...DEFAULT_SETTINGS, rules: { 'global-write': 'off' } });
    assert.equal(told(), 1);
    store.shown(A, { content, runs: [run, { ...run, calls: 'again' }] });
    assert.deepEqual([told(), stressed], [2, [A]]);
    files.set(A, 'pure.wasm');
    await store.analyse(A);
    await open(A);
    assert.equal(told(), 0);
    store.shown(A, NO_RUNS);
    files.set(A, 'counter-global.wasm');
    await store.analyse(A);
    await open(A);
    assert.equal(told(), 0);
    assert.equal(jobs.length, 2);
  });

  it('falls back to what decoding gives when the analysis dies', async () => {
    outcomes.push({ kind: 'failed', reason: 'memory', message: 'heap' });
    await store.text({ uri: A, expand: [] });
    const { analysis } = await store.module(A);
    assert.match(analysis.partial ?? '', /more than 1 GB/);
    assert.equal(jobs[1].seconds, 0);
  });

  it('says so when not even that is possible, and tries again when asked', async () => {
    const crash: Outcome = { kind: 'failed', reason: 'crash', message: 'Error: a defect\n  at x' };
    outcomes.push(crash, crash);
    const { text = '' } = await store.text({ uri: A, expand: [] });
    await assert.rejects(store.module(A), Unavailable);
    assert.match(text, /^;; The analysis of a\.wasm failed.*a defect/);
    await store.analyse(A);
    assert.ok(await store.module(A));
  });

  it('follows a file that vanishes and comes back', async () => {
    await open(A);
    files.delete(A);
    assert.match((await store.analyse(A)).problem ?? '', /does not exist/);
    await assert.rejects(store.module(A), Unavailable);
    assert.equal(shown(), undefined);
    files.set(A, 'counter-global.wasm');
    await store.analyse(A);
    assert.ok(await store.module(A));
    assert.ok(shown(), 'the text on screen is the right one again');
  });
});
