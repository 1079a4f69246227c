import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { EXIT, judge, readVerdict } from './verdict.ts';

const exited = (code: number) => ({ kind: 'exit', code }) as const;
const verdict = (passed: number, failed: number, skipped = 0) => ({ passed, failed, skipped });

describe('judge', () => {
  it('believes a verdict of passes after a clean exit', () => {
    const { exitCode, counts } = judge(exited(0), verdict(3, 0, 1));
    assert.equal(exitCode, EXIT.passed);
    assert.deepEqual(counts, verdict(3, 0, 1));
  });

  it('fails when a test failed, whatever VS Code says', () => {
    assert.equal(judge(exited(0), verdict(3, 1)).exitCode, EXIT.failed);
    assert.equal(judge(exited(1), verdict(3, 1)).exitCode, EXIT.failed);
  });

  it('does not believe exit code 0 without a verdict', () => {
    const { exitCode, counts } = judge(exited(0), undefined);
    assert.equal(exitCode, EXIT.noVerdict);
    assert.deepEqual(counts, verdict(0, 1));
  });

  it('fails a hang even after passes', () => {
    const { exitCode, counts } = judge({ kind: 'timeout', seconds: 1 }, verdict(3, 0));
    assert.equal(exitCode, EXIT.timeout);
    assert.deepEqual(counts, verdict(3, 1));
  });

  it('fails when no test ran', () => assert.equal(judge(exited(0), verdict(0, 0, 4)).exitCode, EXIT.noTests));

  it('fails when VS Code ends badly after the tests', () => {
    assert.equal(judge(exited(139), verdict(3, 0)).exitCode, EXIT.abnormal);
  });
});

describe('readVerdict', () => {
  it('treats a missing, truncated or foreign file as no verdict', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'verdict-'));
    t.after(() => rm(directory, { recursive: true }));
    const file = join(directory, 'verdict.json');
    assert.equal(await readVerdict(file), undefined);
    for (const text of ['', '{"passed":1', 'null', '{"passed":1}', '{"passed":"1","failed":0,"skipped":0}']) {
      await writeFile(file, text);
      assert.equal(await readVerdict(file), undefined, text);
    }
    await writeFile(file, '{"passed":1,"failed":0,"skipped":2}');
    assert.deepEqual(await readVerdict(file), verdict(1, 0, 2));
  });
});
