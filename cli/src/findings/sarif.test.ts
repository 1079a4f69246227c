/** `--format sarif` of the command line, in a repository as people have them: sources, binaries, texts beside binaries. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { SarifResult } from '../../../core/report/sarif/model.ts';
import { validSarif } from '../../../core/report/testing/sarif/validSarif.ts';
import { FIXTURES, ROOT } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const CASES = join(ROOT, 'core/debug/cases');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-sarif-')));
const here = process.cwd();

before(() => {
  mkdirSync(join(root, '.git'));
  mkdirSync(join(root, 'sub/src/counter'), { recursive: true });
  for (const name of ['counter-global.wat', 'counter-global.wasm', 'broken-lock.wat', 'broken-lock.stress.json'])
    cpSync(join(FIXTURES, name), join(root, 'sub', name));
  cpSync(join(CASES, 'counter-c.wasm'), join(root, 'sub/counter-c.wasm'));
  cpSync(join(CASES, '../dwarf/cases/counter.c'), join(root, 'sub/src/counter/counter.c'));
  process.chdir(join(root, 'sub'));
});
after(() => {
  process.chdir(here);
  rmSync(root, { recursive: true });
});

async function resultsOf(...args: string[]): Promise<SarifResult[]> {
  const { out } = await runWith([...args, '--format', 'sarif']);
  return validSarif(out).runs[0].results;
}
const placeOf = ({ locations: [{ physicalLocation }] }: SarifResult) => ({
  uri: physicalLocation.artifactLocation.uri,
  ...physicalLocation.region,
});

describe('check', () => {
  test('a text: the place of the instruction, from the root of the repository', async () => {
    const [write] = await resultsOf('check', 'counter-global.wat');
    const text = readFileSync('counter-global.wat', 'utf8').split('\n');
    const { uri, startLine, startColumn, endLine, endColumn } = placeOf(write);
    assert.equal(uri, 'sub/counter-global.wat');
    assert.equal(startLine, endLine);
    assert.equal(text[startLine - 1].slice(startColumn - 1, endColumn - 1), 'global.set $count');
    assert.match(write.partialFingerprints.primaryLocationLineHash, /^[\da-f]{1,16}:1$/);
  });

  test('a binary with a source here: the line of the source, and the byte as a related place', async () => {
    const results = await resultsOf('check', 'counter-c.wasm');
    const ofModule = results.filter(({ ruleId }) => ruleId === 'growable-memory');
    const others = results.filter((result) => !ofModule.includes(result));
    assert.deepEqual([ofModule.map((result) => placeOf(result).uri), others.length], [['sub/counter-c.wasm'], 3]);
    for (const result of others) {
      const { uri, startLine, startColumn, endColumn } = placeOf(result);
      assert.equal(uri, 'sub/src/counter/counter.c');
      const line = readFileSync('src/counter/counter.c', 'utf8').split('\n')[startLine - 1];
      assert.equal(endColumn, Math.max(startColumn, line.length + 1));
      const [{ physicalLocation }] = result.relatedLocations ?? [];
      assert.equal(physicalLocation.artifactLocation.uri, 'sub/counter-c.wasm');
      assert.ok((physicalLocation.region.byteOffset ?? 0) > 8);
    }
  });

  test('another binary: the byte', async () => {
    const [write] = await resultsOf('check', 'counter-global.wasm');
    const { uri, byteOffset } = placeOf(write);
    assert.equal(uri, 'sub/counter-global.wasm');
    assert.equal(readFileSync('counter-global.wasm')[byteOffset ?? 0], 0x24);
  });

  test('--sarif-text: the line of a text beside the binary, which is written once', async () => {
    const [write] = await resultsOf('check', 'counter-global.wasm', '--sarif-text');
    const { uri, startLine, startColumn, endColumn } = placeOf(write);
    assert.equal(uri, 'sub/counter-global.wasm.wat');
    const text = readFileSync('counter-global.wasm.wat', 'utf8');
    assert.match(text.split('\n')[startLine - 1].slice(startColumn - 1, endColumn - 1), /^global\.set \$count$/);
    await resultsOf('check', 'counter-global.wasm', '--sarif-text');
    assert.equal(readFileSync('counter-global.wasm.wat', 'utf8'), text);
    writeFileSync('counter-global.wasm.wat', '(module)');
    const { err, code } = await runWith(['check', 'counter-global.wasm', '--sarif-text', '--format', 'sarif']);
    assert.match(err[0], /counter-global\.wasm\.wat is there already and was not written by wasm-hazards/);
    assert.equal(code, 2);
    assert.equal(readFileSync('counter-global.wasm.wat', 'utf8'), '(module)');
    rmSync('counter-global.wasm.wat');
  });

  test('--sarif-text needs the format', async () => {
    const { err, code } = await runWith(['check', 'counter-global.wasm', '--sarif-text']);
    assert.deepEqual(err, ['wasm-hazards: check: --sarif-text needs --format sarif']);
    assert.equal(code, 2);
    assert.ok(!existsSync('counter-global.wasm.wat'));
  });

  test('several files are one run; one that is no module is told, and the exit code says so', async () => {
    const { out, code } = await runWith(['check', 'counter-global.wat', 'gone.wasm', '--format', 'sarif']);
    const [{ results, invocations }] = validSarif(out).runs;
    assert.ok(results.length > 0);
    assert.equal(invocations[0].executionSuccessful, false);
    assert.equal(code, 2);
  });

  test('standard input has no path', async () => {
    const { out } = await runWith(['check', '-', '--format', 'sarif'], { stdin: [readFileSync('counter-global.wat')] });
    assert.equal(placeOf(validSarif(out).runs[0].results[0]).uri, 'standard-input');
  });
});

describe('stress', () => {
  test('a schedule in lines of the text, a thread flow for each caller', async () => {
    const [wrong] = await resultsOf('stress', 'counter-global.wat', '--call', 'increment()');
    assert.equal(wrong.ruleId, 'run/wrong-outcome');
    const flows = wrong.codeFlows?.[0].threadFlows ?? [];
    assert.deepEqual(
      flows.map(({ id }) => id),
      ['A', 'B'],
    );
    for (const { locations } of flows)
      for (const { location } of locations)
        assert.equal(location.physicalLocation.artifactLocation.uri, 'sub/counter-global.wat');
    assert.match(wrong.message.text, /Replay: `wasm-hazards replay counter-global\.wat .* --schedule [AB\d]+`\./);
  });

  test('a hang of a scenario file', async () => {
    const results = await resultsOf('stress', 'broken-lock.stress.json');
    assert.ok(results.some(({ codeFlows = [] }) => codeFlows.length > 0));
    for (const result of results) assert.equal(placeOf(result).uri, 'sub/broken-lock.wat');
  });

  test('a binary with --sarif-text', async () => {
    const [wrong] = await resultsOf('stress', 'counter-global.wasm', '--call', 'increment()', '--sarif-text');
    assert.equal(placeOf(wrong).uri, 'sub/counter-global.wasm.wat');
    rmSync('counter-global.wasm.wat');
  });

  test('what would make the report useless is said before anything is run', async () => {
    writeFileSync('counter-global.wasm.wat', '(module)');
    const call = ['stress', 'counter-global.wasm', '--call', 'increment()', '--format', 'sarif'];
    const explore = () => Promise.reject(new Error('was run'));
    const text = await runWith([...call, '--sarif-text'], { explore });
    assert.match(text.err[0], /counter-global\.wasm\.wat is there already/);
    const baseline = await runWith([...call, '--baseline', 'counter-global.wasm.wat'], { explore });
    assert.match(baseline.err[0], /counter-global\.wasm\.wat is not JSON/);
    rmSync('counter-global.wasm.wat');
  });

  test('standard input has neither a path nor a text beside it', async () => {
    const stdin = [readFileSync('counter-global.wasm')];
    const args = ['stress', '-', '--call', 'increment()', '--format', 'sarif', '--sarif-text'];
    const { out } = await runWith(args, { stdin });
    assert.equal(placeOf(validSarif(out).runs[0].results[0]).uri, 'standard-input');
    assert.ok(!existsSync('standard input.wat') && !existsSync('-.wat'));
  });

  test('replay shows the one schedule', async () => {
    const args = ['counter-global.wat', '--call', 'increment()', '--schedule', 'A2B3A1'];
    assert.ok((await resultsOf('replay', ...args)).length > 0);
  });
});
