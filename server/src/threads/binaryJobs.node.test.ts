/** Jobs about binaries in the real worker: what the engine refuses has an error, whose text the editor shows. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { createAnalysisRunner } from './analysisRunner.node.ts';
import type { BinaryJob } from './jobs.ts';

const runner = createAnalysisRunner({
  entry: pathToFileURL(join(import.meta.dirname, 'analysisWorker.node.ts')),
  graceMs: { source: 50, cancel: 50 },
});
after(() => runner.dispose());

async function errorsOf(text: string): Promise<string[]> {
  const compiled = await parse(text);
  const bytes = new Uint8Array(new SharedArrayBuffer(compiled.length));
  bytes.set(compiled);
  const job: BinaryJob = {
    ...{ kind: 'binary', bytes, name: 'm.wasm', host: 'wazero', model: 'auto', seconds: 300 },
    ...{ expand: [], bodyBudget: 10_000, textOnly: undefined },
  };
  const outcome = await runner.run(job, () => {}).outcome;
  assert.ok(outcome.kind === 'done' && 'module' in outcome.result && outcome.result.module !== 'sent');
  return outcome.result.module.errors.map(({ message }) => message);
}

test('a binary with a type error has the error of the engine', async () => {
  assert.match(
    (await errorsOf('(module (func) (func (result i32) (i64.const 1)))')).join(),
    /^not valid: in function 1: /,
  );
  assert.deepEqual(await errorsOf('(module (func (result i32) (i32.const 1)))'), []);
});
