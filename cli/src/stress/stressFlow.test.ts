/** `stress` and `replay` as people use them: copied commands, plans with failures, Ctrl+C, terminals, pipes. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { made } from '../../../core/report/testing/madeResults.ts';
import { assertGoldenText } from '../../../core/testing/golden.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { Exit, type Io } from '../io.ts';
import { runWith } from '../testing/cli.ts';
import { writeReports } from '../writeReports.ts';
import { parseStressOptions } from './stressOptions.ts';
import { reportExplored } from './stressReports.ts';

const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../../schemas/stress.schema.json'), 'utf8'));
const check = new Ajv({ strict: false }).compile(schema);
const assertFits = (document: unknown): void => assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 3)));
const fixture = (name: string): string => join(FIXTURES, name);

/** A module whose exports have names that shells and terminals mind, and that needs its setup. */
const ODD = `(module (global $g (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $g (i32.const 5)))
  (func $odd (export "it's \\1b[31m\\"q\\" \\c3\\bc; x(1)") (param i64) (result i32)
    (global.set $g (i32.add (global.get $g) (i32.const 1)))
    (global.get $g)))`;
/** More schedules than any time allows. */
const LONG = `(module (global $n (mut i32) (i32.const 0))
  (func (export "long") (param i32) (loop $l
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
/** A setup that traps, so that no scenario of its plan can be run. */
const TRAPS = `(module (global $g (mut i32) (i32.const 0))
  (func (export "_initialize") unreachable)
  (func (export "inc") (global.set $g (i32.add (global.get $g) (i32.const 1)))))`;

let folder: string;
const path = (name: string): string => join(folder, name);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-flow-'));
  await writeFile(path('odd.wat'), ODD);
  await writeFile(path('-odd name.wat'), ODD);
  await writeFile(path('long.wat'), LONG);
  await writeFile(path('traps.wat'), TRAPS);
  const callers = [[['long', 3]], [['long', 2]]];
  await writeFile(path('long.stress.json'), JSON.stringify({ module: 'long.wat', callers }));
  await writeFile(path('bare.stress.json'), JSON.stringify({ callers, budget: { seconds: 5 } }));
  const huge = Array.from({ length: 2000 }, () => ['long', 1]);
  await writeFile(path('huge.stress.json'), JSON.stringify({ callers: [huge, huge] }));
});
after(() => rm(folder, { recursive: true }));

/** The words of the line that replays, as a shell sees them. */
function copied(text: string): string[] {
  const [, command] = /^ {2}Replay: wasm-hazards (.*)$/m.exec(text) ?? [];
  assert.ok(command !== undefined, text);
  const shell = spawnSync('bash', ['-c', `printf '%s\\0' ${command}`], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8' },
  });
  return shell.stdout.split('\0').slice(0, -1);
}

const traceIn = (text: string): string | undefined => /^ {2}Schedule [\s\S]*?(?=^ {2}Replay)/m.exec(text)?.[0];

describe('the command that replays can be copied', {
  skip: spawnSync('bash', ['--version']).error !== undefined,
}, () => {
  const cases: [string, () => string[]][] = [
    ['of a plan, with its setup and odd names', () => [path('odd.wat'), '--seconds', '120']],
    [
      'of calls with setup and probe',
      () => [
        fixture('grow-vs-write.wat'),
        '--call',
        'bump(); bump()',
        '--call',
        'bump()',
        '--setup',
        'bump()',
        '--probe',
        'peek(); pages()',
        '--model',
        'shared-instance',
        '--host',
        'wasmtime',
      ],
    ],
    ['of a scenario file that names its module', () => [path('long.stress.json')]],
    ['of a module with a scenario file', () => [path('long.wat'), '--scenario', path('bare.stress.json')]],
  ];
  for (const [name, args] of cases) {
    test(name, async () => {
      const first = await runWith(['stress', ...args()]);
      assert.equal(first.code, 1);
      const words = copied(first.out);
      const again = await runWith(words);
      assert.deepEqual(again.err, []);
      assert.equal(again.code, 1);
      assert.equal(traceIn(again.out), traceIn(first.out));
    });
  }

  test('of a file whose name begins with a hyphen', async () => {
    const { out } = await runWith(['stress', path('long.stress.json')]);
    const file = copied(out.replace(path('long.stress.json'), "'./-odd name.wat'"))[1];
    assert.equal(file, './-odd name.wat');
  });
});

describe('replay', () => {
  const counter = ['replay', fixture('counter-global.wat'), '--call', 'increment()', '--schedule'];

  test('of a wrong outcome', async () => {
    const { out, code } = await runWith([...counter, 'A2B3A1']);
    assertGoldenText(import.meta.dirname, 'replay-wrong', out.replaceAll(`${FIXTURES}/`, ''));
    assert.equal(code, 1);
  });

  test('of nothing wrong: clean, and about that schedule alone', async () => {
    const file = fixture('threads-atomics.wat');
    const { out, code } = await runWith(['replay', file, '--call', 'increment()', '--schedule', 'A1B1']);
    assertGoldenText(import.meta.dirname, 'replay-safe', out.replaceAll(`${FIXTURES}/`, ''));
    assert.equal(code, 0);
    const json = await runWith(['replay', file, '--call', 'increment()', '--schedule', 'A1B1', '--format', 'json']);
    const result: AdvisedResult = JSON.parse(json.out);
    assertFits(result);
    assert.deepEqual([result.verdict, result.replayed, result.exhaustive], ['safe', true, false]);
  });

  test('of a schedule that does not fit the scenario is no verdict', async () => {
    const file = fixture('threads-atomics.wat');
    const { out, code } = await runWith(['replay', file, '--call', 'increment()', '--schedule', 'A5B1']);
    assert.match(out, /Note: The schedule names callers that could not run at that point/);
    assert.equal(code, 3);
  });

  test('of a hang says where the callers were last seen', async () => {
    const lock = `(module (memory 1) (func (export "f") (param i32 i32)
      (loop $a (br_if $a (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 1))))
      (loop $b (br_if $b (i32.atomic.rmw.cmpxchg (local.get 1) (i32.const 0) (i32.const 1))))
      (i32.atomic.store (local.get 1) (i32.const 0)) (i32.atomic.store (local.get 0) (i32.const 0))))`;
    await writeFile(path('lock.wat'), lock);
    const calls = [path('lock.wat'), '--call', 'f(0,4)', '--call', 'f(4,0)', '--format', 'json'];
    const hang: AdvisedResult = JSON.parse((await runWith(['stress', ...calls])).out);
    assert.equal(hang.verdict, 'hang');
    const again = await runWith(['replay', ...calls, '--schedule', hang.schedule ?? '']);
    const result: AdvisedResult = JSON.parse(again.out);
    assert.deepEqual([result.verdict, result.hang?.lastSeen.length, again.code], ['hang', 2, 1]);
  });
});

describe('Ctrl+C', () => {
  test('ends a search with what is known', async () => {
    const args = ['stress', path('long.wat'), '--call', 'long(300)', '--callers', '3', '--seconds', '3600'];
    const ran = await runWith(args, { onStatus: (text, interrupt) => / race/.test(text) && interrupt() });
    assert.deepEqual(ran.err, ['wasm-hazards: stopping with the results so far; interrupt again to quit immediately']);
    assert.match(ran.out, /race: \d data race/);
    assert.match(ran.out, /Note: The run was interrupted/);
    assert.equal(ran.code, 1);
  });

  test('ends a plan after the scenario that runs; the JSON says what was not run', async () => {
    const args = ['stress', fixture('disjoint-exports.wasm'), '--format', 'json'];
    const ran = await runWith(args, { onStatus: (text, interrupt) => text.startsWith('2 of 20, ') && interrupt() });
    const { results, failures, notes } = JSON.parse(ran.out);
    assertFits(JSON.parse(ran.out));
    assert.deepEqual([results.length, failures], [2, []]);
    assert.deepEqual(notes, [
      '18 of 20 scenarios were not run.',
      'The run was interrupted: these are the results so far.',
    ]);
  });
});

describe('plans', () => {
  test('a setup that traps is told once a scenario, and is trouble', async () => {
    const ran = await runWith(['stress', path('traps.wat')]);
    assert.equal(ran.code, 2);
    assert.equal(ran.out, '');
    assert.ok(
      ran.err.length >= 1 && ran.err.every((line) => /^wasm-hazards: inc with itself, .*: .*_initialize/.test(line)),
      ran.err.join('\n'),
    );
  });

  test('the rest of the time is for the scenarios that are left', async () => {
    const { out } = await runWith(['stress', fixture('counter-global.wat'), '--seconds', '600', '--format', 'json']);
    const seconds = JSON.parse(out).results.map((r: AdvisedResult) => r.scenario.budget.seconds);
    assert.ok(
      seconds.every((s: number) => s <= 600 && s > 600 / (seconds.length + 1)),
      seconds.join(),
    );
    assert.ok(seconds.at(-1) > seconds[0]);
  });

  test('scenarios that would begin after the time are not run, and that is told', async () => {
    const args = ['stress', fixture('disjoint-exports.wasm'), '--seconds', '0.01', '--format', 'json'];
    const { results, notes } = JSON.parse((await runWith(args)).out);
    assert.equal(results.length, 1);
    assert.deepEqual(notes, ['19 of 20 scenarios were not run: raise --seconds, or name calls with --call.']);
  });

  test('results, scenarios that could not be run, the worst in detail', async () => {
    const written: string[] = [];
    const io = { out: async (text: string) => written.push(text) > 0, colour: false, columns: 100 } as unknown as Io;
    const input = { name: 'counter.wasm', place: () => '0x1', source: undefined };
    const options = parseStressOptions('stress', ['counter.wasm']);
    const tooLittle: Partial<AdvisedResult> = {
      verdict: 'inconclusive',
      exhaustive: false,
      explored: { ...made([]).explored, preemptionBound: null },
    };
    const ran = {
      results: [
        { at: 0, title: 'get with itself', result: made([[['get']], [['get']]]) },
        { at: 2, title: 'inc with itself, one call each', result: made([[['inc']], [['inc']]], tooLittle) },
      ],
      failures: [
        {
          at: 1,
          title: 'put with itself',
          failure: { kind: 'killed' as const, message: 'counter.wasm: killed \u001b[0m' },
        },
      ],
      notRun: 0,
      notes: ['2 exports cannot be called from JavaScript.'],
    };
    const report = reportExplored(ran, { options, input, advice: [] });
    await writeReports([report], { command: 'stress' }, options, io);
    assertGoldenText(import.meta.dirname, 'stress-plan-failures', written.join(''));
    written.length = 0;
    await writeReports([report], { command: 'stress' }, { ...options, format: 'json' }, io);
    assertFits(JSON.parse(written.join('')));
    assert.equal(JSON.parse(written.join('')).failures[0].kind, 'killed');
  });
});

describe('streams', () => {
  test('the result on standard output alone; lines fit the terminal', async () => {
    const args = ['stress', fixture('counter-global.wat'), '--call', 'increment()'];
    const narrow = await runWith(args, { columns: 70, colour: true });
    assert.deepEqual(narrow.err, []);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    const plain = narrow.out.replace(/\u001b\[\d+m/g, '');
    const table = plain.split('\n').filter((line) => line.includes(' | '));
    assert.ok(table.length > 5 && table.every((line) => line.length <= 70), plain);
  });

  test('a module from standard input', async () => {
    const stdin = [await readFile(fixture('counter-global.wasm'))];
    const ran = await runWith(['stress', '-', '--call', 'increment()'], { stdin });
    assert.equal(ran.code, Exit.Findings);
    assert.match(ran.out, /^standard input: wrong outcome/);
    assert.match(ran.out, /Replay: wasm-hazards replay - --call/);
  });

  test('help of both', async () => {
    for (const command of ['stress', 'replay']) {
      const { out, code } = await runWith([command, '--help']);
      assert.equal(code, 0);
      for (const word of ['Usage: wasm-hazards', '--scenario', '--setup', '--probe', 'Exit codes'])
        assert.ok(out.includes(word), word);
      assert.ok(out.split('\n').every((line) => line.length <= 120));
    }
  });
});

describe('wrong command lines', () => {
  const counter = fixture('counter-global.wat');
  const cases: [string, () => string[], RegExp][] = [
    [
      'a scenario of thousands of calls',
      () => ['stress', path('long.wat'), '--scenario', path('huge.stress.json')],
      /1000|more than/,
    ],
    [
      'two scenarios',
      () => ['stress', path('long.stress.json'), '--call', 'long(1)'],
      /--call cannot be combined with a scenario file/,
    ],
    [
      'callers of a scenario file',
      () => ['stress', path('long.stress.json'), '--callers', '3'],
      /--callers cannot be combined with a scenario file/,
    ],
    [
      'a probe without calls',
      () => ['stress', counter, '--probe', 'increment()'],
      /--setup and --probe need at least one --call/,
    ],
    ['a probe that is none', () => ['stress', counter, '--call', 'increment()', '--probe', 'x'], /--probe "x": /],
    [
      'an unknown export of calls',
      () => ['stress', counter, '--call', 'incremnt()'],
      /counter-global\.wat: the module has no export incremnt; did you mean increment$/,
    ],
    [
      'a scenario of another module',
      () => ['stress', counter, '--scenario', path('bare.stress.json')],
      /bare\.stress\.json:1:15: the module has no export long \(and 1 more\)$/,
    ],
    [
      'an argument out of range',
      () => ['stress', path('long.wat'), '--call', 'long(0x1ffffffff)'],
      /an i32 is a whole number/,
    ],
    [
      'a schedule of callers that are not there',
      () => ['replay', counter, '--call', 'increment()', '--schedule', 'A1Z2'],
      /schedule/,
    ],
    ['an empty schedule', () => ['replay', counter, '--call', 'increment()', '--schedule', ''], /schedule/],
    [
      'a schedule for stress',
      () => ['stress', counter, '--schedule', 'A1'],
      /--schedule is an option of wasm-hazards replay/,
    ],
    [
      'a replay of a plan',
      () => ['replay', counter, '--schedule', 'A1'],
      /give the scenario with --scenario or --call/,
    ],
    ['an unknown host', () => ['stress', counter, '--host', 'v8'], /--host cannot be "v8"/],
    ['an unknown model', () => ['stress', counter, '--model', 'mine'], /--model cannot be "mine"/],
    ['an unknown format', () => ['stress', counter, '--format', 'xml'], /--format cannot be "xml"/],
    ['no time', () => ['stress', counter, '--seconds', '0'], /--seconds expects a number from/],
    ['a seed that is none', () => ['stress', counter, '--seed', '-1'], /--seed|-1/],
    ['two files', () => ['stress', counter, counter], /one file at a time/],
    [
      'a missing scenario',
      () => ['stress', counter, '--scenario', path('gone.stress.json')],
      /gone\.stress\.json: cannot be read/,
    ],
    ['a folder', () => ['stress', folder, '--call', 'f()'], /is a directory/],
  ];
  for (const [what, args, pattern] of cases) {
    test(what, async () => {
      const ran = await runWith(args());
      assert.deepEqual([ran.code, ran.out, ran.err.length], [2, '', 1], ran.err.join('\n') + ran.out);
      assert.match(ran.err[0], /^wasm-hazards: /);
      assert.match(ran.err[0], pattern);
    });
  }
});
