/** Scenarios on the real wazero: what is shown, what ends badly, and that nothing is left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { completeScenario, type ScenarioFile } from '../../core/stress/scenario/scenario.ts';
import type { VerifyMode, VerifyResult, VerifyRun } from '../../core/verify/model.ts';
import { GO_ENV, goMissing, goModule } from '../../core/wrap/go/testing/goModule.ts';
import { ran, temporary } from '../../core/wrap/testing/tools.ts';
import { driverFiles } from './driverFiles.ts';
import { openVerifier, type Verifier, type VerifyAnswer, type VerifyOptions } from './verifier.ts';

/** Increments with a sleep in the middle, so that calls overlap however few processors are free. */
const SLOW = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (local i32)
    (local.set 0 (i32.add (global.get $n) (i32.const 1)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 2000000)))
    (global.set $n (local.get 0)) (local.get 0))
  (func (export "get") (result i32) (global.get $n))
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 8) (local.get 0)))
  (func (export "forever") (loop $l (br $l)))
  ;; Returns once another caller has come.
  (func (export "meet") (drop (i32.atomic.rmw.add (i32.const 16) (i32.const 1)))
    (loop $l (br_if $l (i32.lt_u (i32.atomic.load (i32.const 16)) (i32.const 2)))))
  (func (export "lock") (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1)))))`;

describe('verify on the real wazero', { skip: goMissing() }, () => {
  let verifier: Verifier;
  let folder: string;
  const module = goModule();
  const written = filesOf(module);
  before(async () => {
    const opened = await openVerifier(module, { onFolder: (path) => (folder = path) });
    if ('failure' in opened) assert.fail(opened.failure.message);
    verifier = opened;
  });
  after(() => verifier?.close());

  const verified = async (source: string, file: ScenarioFile, options: VerifyOptions = {}): Promise<VerifyAnswer> => {
    const scenario = completeScenario({ model: 'shared-instance', ...file }, 'wazero');
    return verifier.verify({ bytes: await parse(source), name: 'test.wat', scenario }, { seconds: 3, ...options });
  };
  const resultOf = async (source: string, file: ScenarioFile, options: VerifyOptions = {}): Promise<VerifyResult> => {
    const answer = await verified(source, file, options);
    return 'result' in answer ? answer.result : assert.fail(answer.failure.message);
  };
  const runOf = ({ runs, notes }: VerifyResult, mode: VerifyMode): VerifyRun =>
    runs.find((run) => run.mode === mode) ?? assert.fail(`${mode} was not run: ${notes.join('\n')}`);

  it('counts outcomes of lost updates in all three modes', async () => {
    const result = await resultOf(SLOW, { callers: [[['inc']], [['inc']]], probe: [['get']] }, { rounds: 10 });
    for (const mode of ['interpreter-race', 'interpreter', 'compiler'] as const) {
      const { rounds, wrongRounds, serial, serialComplete, outcomes } = runOf(result, mode);
      assert.deepEqual([rounds, serial, serialComplete], [10, 2, true], mode);
      assert.ok(wrongRounds > 0, mode);
      assert.deepEqual([outcomes[0].kind, outcomes[0].results, outcomes[0].probe], ['wrong', [['1'], ['1']], ['1']]);
    }
    assert.ok(runOf(result, 'interpreter-race').reports > 0);
    assert.match(runOf(result, 'interpreter-race').output, /WARNING: DATA RACE/);
  });

  it('sees nothing wrong in atomic calls, and does not call that safe', async () => {
    const result = await resultOf(SLOW, { callers: [[['add', 1]], [['add', 2]]] }, { rounds: 50 });
    assert.equal(result.verdict, 'not-seen');
    assert.deepEqual(result.findings, []);
    assert.deepEqual(
      result.runs.map(({ wrongRounds, reports, seen }) => [wrongRounds, reports, seen <= 2]),
      [
        [0, 0, true],
        [0, 0, true],
        [0, 0, true],
      ],
    );
  });

  it('ends calls that hang, and shows where the goroutines were', async () => {
    const result = await resultOf(SLOW, { callers: [[['lock']], [['add', 1]]] }, { rounds: 3 });
    const run = runOf(result, 'compiler');
    assert.deepEqual(run.hang, { callers: [{ caller: 0, call: 0 }], alone: true });
    assert.match(run.output, /goroutine \d+ \[/);
    assert.match(run.output, /main\.callerA\(/);
    assert.match(result.notes.join('\n'), /Interpreter: not run, since calls do not return/);
  });

  it('runs calls that wait for each other: no serial order returns, and rounds do', async () => {
    const result = await resultOf(SLOW, { callers: [[['meet']], [['meet']]] }, { rounds: 5 });
    const run = runOf(result, 'compiler');
    assert.deepEqual([run.rounds, run.serial, run.notJudged, run.hang], [5, 0, 1, null]);
    assert.match(result.notes.join('\n'), /No serial order of the calls returns/);
  });

  it('reads and writes memory as the host, with named results', async () => {
    const source = `(module (memory (export "memory") 1) (global $next (mut i32) (i32.const 1024))
      (func (export "alloc") (param i32) (result i32)
        (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
      (func (export "upper") (param i32) (i32.store8 (local.get 0) (i32.sub (i32.load8_u (local.get 0)) (i32.const 32)))))`;
    const result = await resultOf(
      source,
      {
        callers: [
          {
            steps: [
              { call: 'alloc', args: [8], as: 'p' },
              { write: '$p', utf8: 'lena' },
              { write: '$p + 4', u16: '$p & 0xff' },
              { call: 'upper', args: ['$p'] },
              { read: '$p', length: 4, type: 'utf8', as: 'text' },
              { read: '$p + 4', type: 'u16' },
              { expect: '$text == "Lena"' },
            ],
          },
        ],
        invariants: ['u8(1024) == 76'],
      },
      { rounds: 3 },
    );
    for (const { outcomes, wrongRounds } of result.runs) {
      assert.equal(wrongRounds, 0);
      assert.deepEqual(outcomes[0].results, [['$p', '()', '()', '()', '"Lena"', '0', 'holds']]);
      assert.deepEqual(outcomes[0].probe, ['holds']);
    }
  });

  it('gives each caller an instance over an imported shared memory', async () => {
    const source = `(module (import "env" "memory" (memory 1 65536 shared)) (import "env" "log" (func $log (param i32) (result i32)))
      (global $own (mut i32) (i32.const 0))
      (func (export "step") (result i32)
        (global.set $own (i32.add (global.get $own) (i32.const 1)))
        (drop (call $log (i32.const 1)))
        (i32.add (global.get $own) (i32.mul (i32.const 10) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))))`;
    const result = await resultOf(source, { callers: [[['step']], [['step']]], model: 'shared-memory' }, { rounds: 5 });
    for (const { serial, wrongRounds, outcomes } of result.runs) {
      assert.deepEqual([serial, wrongRounds], [2, 0]);
      for (const { results } of outcomes) assert.deepEqual(results.flat().sort(), ['1', '11']);
    }
    assert.match(result.notes.join('\n'), /env\.log/);
    assert.match(result.notes.join('\n'), /allocates the maximum of a shared memory at once/);
  });

  it('runs modules that need an experimental feature of this wazero', async () => {
    const source = `(module (global $n (mut i32) (i32.const 0))
      (func (export "f") (result i32) (global.set $n (i32.const 7)) (return_call $g)) (func $g (result i32) (global.get $n)))`;
    const result = await resultOf(source, { callers: [[['f']]] }, { rounds: 1 });
    assert.deepEqual(runOf(result, 'compiler').outcomes[0].results, [['7']]);
  });

  it('says what wazero says of a module that it does not accept', async () => {
    const answer = await verified('(module (type (struct)) (func (export "f")))', { callers: [[['f']], [['f']]] });
    assert.ok('failure' in answer);
    assert.match(answer.failure.message, /^test\.wat: wazero does not accept the module: /);
  });

  it('says which call of the setup traps', async () => {
    const source = '(module (func (export "init") unreachable) (func (export "f")))';
    const answer = await verified(source, { callers: [[['f']], [['f']]], setup: [['init']] });
    assert.ok('failure' in answer);
    assert.deepEqual(
      [answer.failure.message, answer.failure.path],
      ['test.wat: init() ended with a trap: unreachable before the callers start', ['setup', 0]],
    );
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const answer = await verified(
      SLOW,
      { callers: [[['inc']], [['inc']]] },
      { seconds: 60, signal: controller.signal, onProgress: () => controller.abort() },
    );
    assert.ok('failure' in answer);
    assert.equal(answer.failure.kind, 'cancelled');
  });

  it('tells that the process was killed, and goes on with the other modes', async () => {
    let killed = 0;
    const kill = (text: string): void => {
      if (killed > 0 || !text.startsWith('compiler: ') || !text.includes(' round')) return;
      for (const path of globSync('/proc/[0-9]*/exe')) {
        if (!isDriver(path, folder)) continue;
        process.kill(Number(path.split('/')[2]), 'SIGKILL');
        killed++;
      }
    };
    const result = await resultOf(SLOW, { callers: [[['inc']], [['inc']]] }, { seconds: 6, onProgress: kill });
    const run = runOf(result, 'compiler');
    assert.equal(run.crash, 'killed by SIGKILL');
    assert.ok(run.rounds > 0);
    assert.equal(runOf(result, 'interpreter').crash, null);
    assert.deepEqual(
      result.findings.filter(({ kind }) => kind === 'crash').map(({ text }) => text),
      ['The process ended: killed by SIGKILL.'],
    );
  });

  it('writes nothing into the workspace, and leaves nothing behind', () => {
    assert.deepEqual(filesOf(module), written);
    verifier.close();
    assert.equal(existsSync(folder), false);
  });
});

describe('the Go driver', { skip: goMissing() }, () => {
  it('is formatted and passes vet, with the oldest wazero and an old language version', () => {
    for (const version of ['newest', 'oldest'] as const) {
      const folder = join(goModule(version), 'driver');
      mkdirSync(folder);
      for (const [name, text] of Object.entries(driverFiles())) writeFileSync(join(folder, name), text);
      assert.equal(ran('gofmt', ['-l', '.'], { cwd: folder }), '');
      ran('go', ['vet', '.'], { cwd: folder, env: GO_ENV });
    }
    const folder = goModule('oldest');
    assert.match(readFileSync(join(folder, 'go.mod'), 'utf8'), /^go 1\.2\d/m);
  });

  it('says in the words of Go why it does not build', async () => {
    const folder = goModule();
    const go = join(folder, 'go.mod');
    writeFileSync(go, `${readFileSync(go, 'utf8')}\nreplace golang.org/x/sys => ./missing\n`);
    const opened = await openVerifier(folder, {});
    assert.ok('failure' in opened);
    assert.match(opened.failure.message, /^the driver does not build in .*missing/);
  });

  it('builds in a workspace, and where a vendor folder lacks packages', async () => {
    const workspace = temporary();
    cpSync(goModule(), join(workspace, 'server'), { recursive: true });
    mkdirSync(join(workspace, 'other'));
    writeFileSync(join(workspace, 'other/go.mod'), 'module example.com/other\n\ngo 1.25.0\n');
    writeFileSync(join(workspace, 'go.work'), 'go 1.25.0\n\nuse (\n\t./other\n\t./server\n)\n');
    const vendored = goModule();
    const uses = 'package main\n\nimport _ "github.com/tetratelabs/wazero"\n\nfunc main() {}\n';
    writeFileSync(join(vendored, 'main.go'), uses);
    ran('go', ['mod', 'vendor'], { cwd: vendored, env: GO_ENV });
    for (const folder of [join(workspace, 'other'), vendored]) {
      const files = filesOf(folder);
      const opened = await openVerifier(folder, {});
      if ('failure' in opened) assert.fail(opened.failure.message);
      const scenario = completeScenario({ callers: [[['get']], [['get']]] }, 'wazero');
      const answer = await opened.verify({ bytes: await parse(SLOW), name: 'slow', scenario }, { rounds: 1 });
      opened.close();
      if ('failure' in answer) assert.fail(answer.failure.message);
      assert.equal(answer.result.runs.length, 3);
      const note =
        'The vendor folder lacks github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1, so wazero comes from the module cache.';
      assert.equal(answer.result.notes.includes(note), folder === vendored);
      assert.deepEqual(filesOf(folder), files);
    }
  });

  it('ends with the process that started it', async () => {
    const folder = goModule();
    const script = join(folder, 'run.mts');
    const source = join(import.meta.dirname, 'verifier.ts');
    writeFileSync(
      script,
      `import { openVerifier } from ${JSON.stringify(source)};
const opened = await openVerifier(${JSON.stringify(folder)}, { onFolder: (path) => console.log('folder ' + path) });
if ('failure' in opened) throw new Error(opened.failure.message);
const bytes = new Uint8Array(Buffer.from('${Buffer.from(await parse(SLOW)).toString('base64')}', 'base64'));
const { completeScenario } = await import(${JSON.stringify(join(import.meta.dirname, '../../core/stress/scenario/scenario.ts'))});
const scenario = completeScenario({ callers: [[['inc']], [['inc']]], model: 'shared-instance' }, 'wazero');
await opened.verify({ bytes, name: 'slow', scenario }, { seconds: 600, onProgress: () => console.log('running') });
`,
    );
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.includes('running')) child.kill(signal);
      });
      await new Promise((resolve) => child.once('close', resolve));
      const path = /^folder (.*)$/m.exec(text)?.[1] ?? assert.fail(text);
      // Nobody can remove it after the second signal, but nothing runs in it.
      if (signal === 'SIGTERM') assert.equal(existsSync(path), false);
      assert.deepEqual(await runningIn(path), []);
      rmSync(path, { recursive: true, force: true });
    }
  });
});

/** Whether a process of `/proc` runs the driver in a folder. */
function isDriver(exe: string, folder: string): boolean {
  try {
    return readlinkSync(exe) === join(folder, 'driver');
  } catch {
    return false; // It has ended, or belongs to somebody else.
  }
}

/** Contents of all files of a folder. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    names.map((one) => [join(one.parentPath, one.name), readFileSync(join(one.parentPath, one.name), 'utf8')]),
  );
}

/** Command lines of processes whose program is in a folder; waits until there are none, at most a few seconds. */
async function runningIn(folder: string): Promise<string[]> {
  for (let i = 0; ; i++) {
    const found = globSync('/proc/[0-9]*/cmdline')
      .map((path) => {
        try {
          return readFileSync(path, 'utf8');
        } catch {
          return ''; // It has just ended.
        }
      })
      .filter((line) => line.includes(folder));
    if (found.length === 0 || i === 50) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
