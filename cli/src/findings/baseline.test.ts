/** `--baseline` and `--write-baseline`: only new findings fail. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { validSarif } from '../../../core/report/testing/sarif/validSarif.ts';
import { ROOT } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-baseline-')));
const here = process.cwd();
const fits = new Ajv().compile(JSON.parse(readFileSync(join(ROOT, 'schemas/baseline.schema.json'), 'utf8')));

/** A module whose export `bump` writes these globals. */
const moduleOf = (...globals: string[]): string => `(module
  ${globals.map((name) => `(global $${name} (mut i32) (i32.const 0))`).join('\n')}
  (func (export "bump") (result i32)
    ${globals.map((name) => `(global.set $${name} (i32.add (global.get $${name}) (i32.const 1)))`).join('\n')}
    (global.get $${globals[0]})))`;

before(() => process.chdir(folder));
beforeEach(() => {
  rmSync('hazards.json', { force: true });
  writeFileSync('a.wat', moduleOf('x'));
  writeFileSync('b.wat', moduleOf('y'));
});
after(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

const entries = (): { module: string; rule: string; cell: string }[] => {
  const data: { findings: ReturnType<typeof entries> } = JSON.parse(readFileSync('hazards.json', 'utf8'));
  const isValid: boolean = fits(data);
  assert.ok(isValid, JSON.stringify(fits.errors));
  return data.findings;
};

describe('check', () => {
  test('what was written is known; what comes after is new, and named', async () => {
    const wrote = await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
    assert.equal(wrote.code, 0);
    assert.deepEqual(entries(), [{ module: 'a.wat', rule: 'global-write', subject: 'bump', cell: 'global $x' }]);
    const same = await runWith(['check', 'a.wat', '--baseline', 'hazards.json']);
    assert.deepEqual([same.code, same.err], [0, ['wasm-hazards: baseline hazards.json: 1 known finding, 0 new']]);
    writeFileSync('a.wat', moduleOf('x', 'more'));
    const more = await runWith(['check', 'a.wat', '--baseline', 'hazards.json']);
    assert.equal(more.code, 1);
    assert.deepEqual(more.err, [
      'wasm-hazards: baseline hazards.json: 1 known finding, 1 new',
      '  new: a.wat: global-write: bump: global $more',
    ]);
  });

  test('a module that is built again, with its code elsewhere, has no new findings', async () => {
    await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
    writeFileSync('a.wat', `;; moved\n\n${moduleOf('x').replace('(func (export', '(func $new nop)\n(func (export')}`);
    assert.equal((await runWith(['check', 'a.wat', '--baseline', 'hazards.json'])).code, 0);
  });

  test('more findings of one kind than are known are new', async () => {
    const twice = (count: number): string =>
      `(module (memory 1) (func (export "put") ${'(i32.store (i32.const 64) (i32.const 1))(i32.store8 (i32.const 99) (i32.const 1))'.repeat(count)}))`;
    writeFileSync('a.wat', twice(1).replace('(i32.store8 (i32.const 99) (i32.const 1))', ''));
    await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
    assert.equal((await runWith(['check', 'a.wat', '--baseline', 'hazards.json'])).code, 0);
    writeFileSync('a.wat', twice(1));
    assert.equal((await runWith(['check', 'a.wat', '--baseline', 'hazards.json'])).code, 1);
  });

  test('--fail-on decides which findings count', async () => {
    writeFileSync('hazards.json', '{"version":1,"findings":[]}');
    const { code, err } = await runWith(['check', 'a.wat', '--baseline', 'hazards.json', '--fail-on', 'error']);
    assert.deepEqual([code, err], [0, ['wasm-hazards: baseline hazards.json: 0 known findings, 0 new']]);
  });

  test('writing keeps what is known of other modules, and drops what is gone', async () => {
    await runWith(['check', 'a.wat', 'b.wat', '--write-baseline', 'hazards.json']);
    writeFileSync('a.wat', '(module (func (export "bump")))');
    await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
    assert.deepEqual(
      entries().map(({ module }) => module),
      ['b.wat'],
    );
  });

  test('nothing is written when an input cannot be read', async () => {
    const { code, err } = await runWith(['check', 'a.wat', 'gone.wat', '--write-baseline', 'hazards.json']);
    assert.equal(code, 2);
    assert.ok(!existsSync('hazards.json'));
    assert.match(err.at(-1) ?? '', /hazards\.json was not written/);
  });

  test('a file that is no baseline is refused, and never overwritten', async () => {
    const contents: [text: string, message: RegExp][] = [
      ['# notes', /baseline hazards\.json is not JSON/],
      ['{"version":2,"findings":[]}', /needs "version": 1/],
      ['{"version":1,"findings":[{"module":"a.wat"}]}', /finding 1 is wrong/],
      ['{"version":1,"findings":[{"module":"a","rule":"r","subject":"s","cell":"","count":0}]}', /finding 1 is wrong/],
    ];
    for (const [text, message] of contents)
      for (const option of ['--baseline', '--write-baseline']) {
        writeFileSync('hazards.json', text);
        const { code, err } = await runWith(['check', 'a.wat', option, 'hazards.json']);
        assert.equal(code, 2);
        assert.match(err[0], message);
        assert.equal(readFileSync('hazards.json', 'utf8'), text);
      }
    assert.equal((await runWith(['check', 'a.wat', '--baseline', 'none.json'])).code, 2);
  });

  test('logs say which results are new', async () => {
    await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
    const args = ['check', 'a.wat', 'b.wat', '--baseline', 'hazards.json', '--format', 'sarif'];
    const [{ results }] = validSarif((await runWith(args)).out).runs;
    assert.deepEqual(
      results.map(({ baselineState }) => baselineState),
      ['unchanged', 'new'],
    );
    const writing = await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json', '--format', 'sarif']);
    const [first] = validSarif(writing.out).runs[0].results;
    assert.ok(first && !('baselineState' in first));
  });

  test('modules of a script are told apart, and paths begin at the root of the repository', async () => {
    mkdirSync('.git', { recursive: true });
    mkdirSync('sub', { recursive: true });
    writeFileSync('sub/two.wast', `${moduleOf('x')}\n${moduleOf('x')}`);
    process.chdir('sub');
    await runWith(['check', 'two.wast', '--write-baseline', '../hazards.json']);
    process.chdir('..');
    assert.deepEqual(
      entries().map(({ module }) => module),
      ['sub/two.wast#1', 'sub/two.wast#2'],
    );
    assert.equal((await runWith(['check', 'sub/two.wast', '--baseline', 'hazards.json'])).code, 0);
    rmSync('.git', { recursive: true });
  });
});

test('stress: findings of runs are known beside those of the analysis', async () => {
  const runs = ['stress', 'a.wat', '--call', 'bump()'];
  await runWith(['check', 'a.wat', '--write-baseline', 'hazards.json']);
  assert.equal((await runWith([...runs, '--baseline', 'hazards.json'])).code, 1);
  assert.equal((await runWith([...runs, '--write-baseline', 'hazards.json'])).code, 0);
  assert.deepEqual(
    entries().map(({ rule }) => rule),
    ['global-write', 'run/race', 'run/wrong-outcome'],
  );
  assert.equal((await runWith([...runs, '--baseline', 'hazards.json'])).code, 0);
  const other = await runWith(['stress', 'a.wat', '--call', 'bump(); bump()', '--baseline', 'hazards.json']);
  assert.equal(other.code, 1);
});
