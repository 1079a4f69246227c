/** Jobs about sources in the real worker under its runner: deadlines, cancellation, and what comes after them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createAnalysisRunner } from './analysisRunner.node.ts';
import type { SourceJob } from './jobs.ts';

const entry = pathToFileURL(join(import.meta.dirname, 'analysisWorker.node.ts'));

const job = (text: string, seconds = 300): SourceJob => ({
  kind: 'source',
  text,
  script: false,
  host: 'wazero',
  model: 'auto',
  seconds,
});

/** Takes wasm-tools about a second. */
const LONG = `(module ${'(func (param i32) (drop (i32.add (local.get 0) (i32.const 1))))\n'.repeat(300_000)})`;

describe('jobs about sources', () => {
  const runner = createAnalysisRunner({ entry, graceMs: { source: 50, cancel: 50 } });
  after(() => runner.dispose());
  const quiet = (): void => {};

  async function works(): Promise<void> {
    const outcome = await runner.run(job('(module (func (export "f")))'), quiet).outcome;
    assert.ok(outcome.kind === 'done');
    const [found] = outcome.result.modules;
    assert.equal(found.kind === 'compiled' && found.analysis.exports.length, 1);
    assert.ok(Object.values(outcome.result.times).every((time) => time >= 0));
  }

  it('compiles and analyses', works);

  it('is replaced when wasm-tools overruns its time', async () => {
    const outcome = await runner.run(job(LONG, 0.05), quiet).outcome;
    assert.equal(outcome.kind === 'failed' && outcome.reason, 'time', JSON.stringify(outcome).slice(0, 200));
    await works();
  });

  it('is replaced when its text is edited in the middle of it, and the next text does not wait', async () => {
    const long = runner.run(job(LONG), quiet);
    await new Promise((resolve) => setTimeout(resolve, 30));
    long.cancel();
    assert.equal((await long.outcome).kind, 'cancelled');
    await works();
    await works();
  });

  it('gives what does not compile as data', async () => {
    const outcome = await runner.run(job('(module (func foo))'), quiet).outcome;
    assert.ok(outcome.kind === 'done');
    assert.deepEqual(outcome.result.modules, [
      { kind: 'failed', error: { start: 14, end: 17, message: 'unknown operator or unexpected token' } },
    ]);
  });
});
