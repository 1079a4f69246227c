/** The action for GitHub's workflows: its inputs reach its scripts, and these run the program as it is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { validSarif } from '../core/report/testing/sarif/validSarif.ts';
import { ROOT, TEST_FIXTURES } from './paths.ts';

const ACTION = join(ROOT, 'action');
const text = readFileSync(join(ACTION, 'action.yml'), 'utf8');

describe('action.yml', () => {
  test('installs the version of this repository', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.equal(/^ {4}default: wasm-hazards@(.*)$/m.exec(text)?.[1], version);
  });

  test('uses all of its inputs, and none in the text of a script', () => {
    const inputs = [...text.slice(0, text.indexOf('\noutputs:')).matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name);
    assert.ok(inputs.includes('baseline'));
    for (const name of inputs) assert.match(text, new RegExp(`inputs\\.${name}\\b`));
    for (const [line] of text.matchAll(/^ *run:.*$/gm)) assert.doesNotMatch(line, /\$\{\{/);
  });

  test('every variable that a script reads is set for it', () => {
    const steps = text.split(/^ {4}- /m);
    for (const script of ['install.sh', 'run.sh', 'result.sh']) {
      const step = steps.find((one) => one.includes(`/${script}`)) ?? '';
      const used = readFileSync(join(ACTION, script), 'utf8').match(/\$\{?(?:INPUT|EXIT)_\w+/g) ?? [];
      assert.ok(used.length > 0);
      for (const variable of used) assert.match(step, new RegExp(`${variable.replace(/^\$\{?/, '')}:`));
    }
  });
});

describe('its scripts', {
  skip: process.platform === 'win32' && 'runners of Windows have bash, this machine may not',
}, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'wasm-hazards-action-'));
    const bin = join(folder, 'temp/wasm-hazards/node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'wasm-hazards'),
      `#!/usr/bin/env bash\nexec '${process.execPath}' '${join(ROOT, 'dist/cli.js')}' "$@"\n`,
    );
    chmodSync(join(bin, 'wasm-hazards'), 0o755);
    mkdirSync(join(folder, 'repo/build/a b'), { recursive: true });
    mkdirSync(join(folder, 'repo/.git'));
    cpSync(join(TEST_FIXTURES, 'counter-global.wasm'), join(folder, 'repo/build/counter.wasm'));
    cpSync(join(TEST_FIXTURES, 'counter-global.wat'), join(folder, 'repo/build/a b/-x;$(touch hacked).wat'));
    cpSync(join(TEST_FIXTURES, 'pure.wasm'), join(folder, 'repo/pure.wasm'));
  });
  beforeEach(() => writeFileSync(join(folder, 'output'), ''));
  after(() => rmSync(folder, { recursive: true }));

  const repo = (): string => join(folder, 'repo');
  const script = (name: string, env: Record<string, string>) => {
    const { status, stdout, stderr } = spawnSync(join(ACTION, name), [], {
      cwd: repo(),
      encoding: 'utf8',
      env: {
        ...process.env,
        RUNNER_TEMP: join(folder, 'temp'),
        GITHUB_OUTPUT: join(folder, 'output'),
        INPUT_COMMAND: 'check',
        INPUT_ARGS: '',
        INPUT_BASELINE: '',
        INPUT_SARIF_FILE: 'log.sarif',
        ...env,
      },
    });
    return { status, said: stdout + stderr, output: readFileSync(join(folder, 'output'), 'utf8') };
  };
  const urisOf = (): string[] => {
    const [{ results }] = validSarif(readFileSync(join(repo(), 'log.sarif'), 'utf8')).runs;
    return [...new Set(results.map(({ locations }) => locations[0].physicalLocation.artifactLocation.uri))].sort();
  };

  test('patterns and paths with anything in them; findings fail after the upload', () => {
    const { status, output } = script('run.sh', { INPUT_FILES: 'build/**/*.wa[st]*\npure.wasm\n' });
    assert.equal(status, 0);
    assert.equal(output, 'exit-code=1\nsarif-file=log.sarif\n');
    assert.deepEqual(urisOf(), ['build/a%20b/-x%3B%24(touch%20hacked).wat', 'build/counter.wasm']);
    assert.ok(!existsSync(join(repo(), 'hacked')));
  });

  test('options are one a line, and a baseline makes the difference', () => {
    const args = `--host=wasmtime\n--write-baseline=known.json\n`;
    assert.match(script('run.sh', { INPUT_FILES: 'build/counter.wasm', INPUT_ARGS: args }).output, /exit-code=0\n/);
    writeFileSync(join(folder, 'output'), '');
    const known = { INPUT_FILES: 'build/counter.wasm', INPUT_ARGS: '--host=wasmtime', INPUT_BASELINE: 'known.json' };
    assert.match(script('run.sh', known).output, /exit-code=0\n/);
  });

  test('a wrong input says so, and there is no log to upload', () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ INPUT_FILES: '\n \n' }, /::error::wasm-hazards: the input 'files' is empty/],
      [{ INPUT_FILES: 'none/**/*.wasm' }, /::error::wasm-hazards: no file matches/],
      [{ INPUT_FILES: 'pure.wasm', INPUT_COMMAND: 'wrap' }, /::error::wasm-hazards: the input 'command' is/],
      [{ INPUT_FILES: 'build/counter.wasm\npure.wasm', INPUT_COMMAND: 'stress' }, /::error::.* takes one file/],
    ];
    for (const [env, message] of wrong) {
      const { status, said, output } = script('run.sh', env);
      assert.deepEqual([status, output], [2, '']);
      assert.match(said, message);
    }
    const { output } = script('run.sh', { INPUT_FILES: 'pure.wasm', INPUT_ARGS: '--no-such-option' });
    assert.equal(output, 'exit-code=2\n');
  });

  test('a program that ends before it writes a log has found nothing', () => {
    const crashing = join(folder, 'crashing/wasm-hazards/node_modules/.bin');
    mkdirSync(crashing, { recursive: true });
    writeFileSync(join(crashing, 'wasm-hazards'), '#!/usr/bin/env bash\nexit 1\n', { mode: 0o755 });
    const { output } = script('run.sh', { INPUT_FILES: 'pure.wasm', RUNNER_TEMP: join(folder, 'crashing') });
    assert.equal(output, 'exit-code=2\n');
  });

  test('the folder of the log is made', () => {
    const log = { INPUT_FILES: 'build/counter.wasm', INPUT_SARIF_FILE: 'logs/new/log.sarif' };
    assert.equal(script('run.sh', log).output, 'exit-code=1\nsarif-file=logs/new/log.sarif\n');
  });

  test('the result', () => {
    const codes: [code: string, fail: string, status: number][] = [
      ['0', 'true', 0],
      ['1', 'true', 1],
      ['1', 'false', 0],
      ['2', 'false', 2],
      ['3', 'true', 0],
      ['', 'true', 2],
    ];
    for (const [code, fail, status] of codes)
      assert.equal(script('result.sh', { EXIT_CODE: code, INPUT_FAIL: fail }).status, status, code);
  });
});
