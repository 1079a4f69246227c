/** The command line of `wasm-hazards verify`, as far as it needs no wazero. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const COUNTER = [join(FIXTURES, 'counter-global.wat'), '--call', 'increment()'];

describe('verify', () => {
  const empty = mkdtempSync(join(tmpdir(), 'wasm-hazards-verify-cli-'));
  after(() => rmSync(empty, { recursive: true }));

  test('says in one line that there is no Go module, or no Go', async () => {
    const { PATH } = process.env;
    process.env.PATH = empty;
    try {
      const { err, code } = await runWith(['verify', ...COUNTER, '--go-dir', empty]);
      assert.deepEqual(err, [
        'wasm-hazards: go was not found: install Go (https://go.dev/dl), or add its bin folder to PATH',
      ]);
      assert.equal(code, 2);
    } finally {
      process.env.PATH = PATH;
    }
  });

  test('rejects what it does not understand', async () => {
    const refused = async (...args: string[]) => (await runWith(['verify', ...args])).err.join('\n');
    assert.match(await refused(), /verify: no file given/);
    assert.match(await refused(...COUNTER, '--rounds', '0'), /verify: --rounds expects a number from 1 /);
    assert.match(await refused(...COUNTER, '--rounds', '1.5'), /verify: --rounds expects a whole number/);
    assert.match(await refused(...COUNTER, '--schedule', 'A1'), /--schedule is an option of wasm-hazards replay/);
    assert.match(
      (await runWith(['stress', ...COUNTER, '--go-dir', '.'])).err[0],
      /is an option of wasm-hazards verify/,
    );
  });
});
