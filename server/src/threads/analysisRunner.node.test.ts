/** The runner against workers that misbehave in every way. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { unpackAnalysis } from '../../../core/analysis/transfer.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { shareBytes } from '../../../node/readBinary.ts';
import { createAnalysisRunner, type RunnerOptions } from './analysisRunner.node.ts';
import type { AnalysisRunner, JobOutcome } from './analysisRunner.ts';
import type { AnalysedBinary, BinaryJob, ResultOf } from './jobs.ts';
import { unpackModule } from './moduleTransfer.ts';

const FIXTURE = join(FIXTURES, 'counter-global.wasm');

/** A worker that does what `job.name` says; it answers `done` unless told otherwise. */
const MISBEHAVING = `
const { parentPort, threadId } = require('node:worker_threads');
parentPort.on('message', ({ id, job, control }) => {
  if (job.name === 'throw') throw new Error('thrown on purpose');
  if (job.name === 'exit') process.exit(3);
  if (job.name === 'print') console.log('this would garble the protocol');
  if (job.name === 'eat') { const kept = []; for (;;) kept.push(new Array(100000).fill(kept.length)); }
  if (job.name === 'hang') for (;;);
  if (job.name === 'hang in time') while (job.seconds > 0);
  if (job.name === 'wait aloud') new BroadcastChannel('warm-up').postMessage(1);
  if (job.name.startsWith('wait')) while (Atomics.load(control, 0) === 0) Atomics.wait(control, 0, 0, 10);
  if (Atomics.load(control, 0) === 2) return parentPort.postMessage({ id, kind: 'abandoned' });
  if (job.name === 'fail') return parentPort.postMessage({ id, kind: 'failed', message: 'a defect' });
  parentPort.postMessage({ id, kind: 'progress', message: 'working', percentage: 50 });
  parentPort.postMessage({ id, kind: 'done', result: { name: job.name, thread: threadId } });
});`;

const entry = new URL(
  `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${MISBEHAVING}`)}`,
);

function job(name: string, seconds = 300): BinaryJob {
  return {
    kind: 'binary',
    bytes: new Uint8Array(new SharedArrayBuffer(8)),
    name,
    host: 'wazero',
    model: 'auto',
    seconds,
    expand: [],
    bodyBudget: 1000,
    textOnly: undefined,
  };
}

type Outcome = JobOutcome<ResultOf<BinaryJob>>;

describe('analysis runner', () => {
  const runners: AnalysisRunner[] = [];
  const runner = (options: Partial<RunnerOptions> = {}): AnalysisRunner => {
    const created = createAnalysisRunner({ entry, graceMs: { binary: 200, cancel: 50 }, ...options });
    runners.push(created);
    return created;
  };
  const run = (on: AnalysisRunner, name: string, seconds?: number): Promise<Outcome> =>
    on.run(job(name, seconds), () => {}).outcome;
  const assertFailed = (outcome: Outcome, reason: string): void => {
    assert.equal(outcome.kind === 'failed' && outcome.reason, reason, JSON.stringify(outcome));
  };

  after(() => Promise.all(runners.map((one) => one.dispose())));

  it('needs no module to warm up with', async () => {
    const one = runner({ warmUp: () => Promise.reject(new Error('there is no such file')) });
    assert.equal((await run(one, 'thread')).kind, 'done');
    assert.equal((await run(one, 'thread')).kind, 'done');
  });

  it('gives the next job a fresh worker after a large one, whose memory would stay', async () => {
    const one = runner();
    const threadOf = async (bytes: number): Promise<unknown> => {
      const asked = { ...job('thread'), bytes: new Uint8Array(new SharedArrayBuffer(bytes)) };
      const outcome = await one.run(asked, () => {}).outcome;
      assert.equal(outcome.kind, 'done');
      return outcome.kind === 'done' && (outcome.result as unknown as { thread: number }).thread;
    };
    const first = await threadOf(8);
    assert.equal(await threadOf(4 << 20), first, 'a small job leaves its worker');
    assert.notEqual(await threadOf(8), first);
  });

  it('warms up a new worker, and gives way to the first job at once', async () => {
    let thread: ((message: unknown) => void) | undefined;
    const warming = new Promise((resolve) => {
      thread = resolve;
    });
    const port = new BroadcastChannel('warm-up');
    port.onmessage = (event) => thread?.((event as { data: unknown }).data);
    const one = runner({ quietMs: 1, warmUp: async () => job('wait aloud') });
    await warming;
    port.close();
    const outcome = await run(one, 'thread');
    assert.equal(outcome.kind, 'done', 'a worker that warms up until it is told to stop takes the job');
  });

  it('gives the next job a fresh worker after one died', async () => {
    const one = runner();
    for (const name of ['throw', 'exit', 'fail']) {
      assertFailed(await run(one, name), 'crash');
      assert.equal((await run(one, 'well')).kind, 'done', `after ${name}`);
    }
  });

  it('ends a worker that needs too much memory', async () => {
    const one = runner({ heapMb: 32 });
    assertFailed(await run(one, 'eat'), 'memory');
    assert.equal((await run(one, 'well')).kind, 'done');
  });

  it('ends a worker that does not look at its budget', async () => {
    const one = runner();
    assertFailed(await run(one, 'hang', 0.05), 'time');
    assert.equal((await run(one, 'well')).kind, 'done');
  });

  it('runs a short job beside a long one', async () => {
    const one = runner();
    const long = one.run(job('wait'), () => {});
    assert.equal((await run(one, 'short')).kind, 'done');
    long.finishEarly();
    assert.equal((await long.outcome).kind, 'done');
  });

  it('answers a cancelled job at once, whether it runs, hangs or waits in the queue', async () => {
    const one = runner();
    const hanging = one.run(job('hang'), () => {});
    const waiting = one.run(job('wait'), () => {});
    const third = one.run(job('hang'), () => {});
    const queued = one.run(job('queued'), () => {});
    for (const running of [hanging, waiting, third, queued]) {
      running.cancel();
      assert.equal((await running.outcome).kind, 'cancelled');
    }
    assert.equal((await run(one, 'well')).kind, 'done');
  });

  it('begins again without time where a thread cannot be told to finish early', async () => {
    const one = runner({ sharesMemory: false, graceMs: {} });
    const running = [1, 2, 3, 4].map(() => one.run(job('hang in time'), () => {}));
    // The last one waits in the queue.
    for (const { finishEarly } of running) finishEarly();
    for (const { outcome } of running) assert.equal((await outcome).kind, 'done');
  });

  it('cancels where a thread cannot be told to', async () => {
    const one = runner({ sharesMemory: false });
    const waiting = one.run(job('wait'), () => {});
    waiting.finishEarly();
    waiting.cancel();
    assert.equal((await waiting.outcome).kind, 'cancelled');
    assert.equal((await run(one, 'well')).kind, 'done');
  });

  it('reports progress', async () => {
    const seen: unknown[] = [];
    await runner().run(job('well'), (...progress) => seen.push(progress)).outcome;
    assert.deepEqual(seen, [['working', 50]]);
  });

  it('analyses with the real worker, sharing the bytes', async () => {
    const one = runner({ entry: pathToFileURL(join(import.meta.dirname, 'analysisWorker.node.ts')) });
    const { bytes } = shareBytes(await readFile(FIXTURE), 0, 'counter-global.wasm');
    const outcome = await one.run({ ...job('counter-global.wasm'), bytes, bodyBudget: 100_000 }, () => {}).outcome;
    assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
    const { module, analysis, printed } = (outcome as Extract<Outcome, { kind: 'done' }>).result as AnalysedBinary;
    assert.ok(module !== 'sent' && module.bytes.buffer instanceof SharedArrayBuffer);
    const { exports } = unpackAnalysis(analysis, unpackModule(module).exports);
    assert.deepEqual(
      exports.map((e) => e.name),
      ['increment', 'count'],
    );
    assert.ok(printed !== 'sent', 'a small module is printed when it has been analysed');
    assert.equal(printed.lineStarts.length, printed.text.split('\n').length);
    const outcomeOfText = await one.run({ ...job('x'), bytes, textOnly: new Uint32Array() }, () => {}).outcome;
    assert.ok(outcomeOfText.kind === 'done' && !('module' in outcomeOfText.result));
  });
});
