/** `wasm-hazards stress` and `replay`, with the real engine in a worker. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { advised } from '../../../core/advice/advised.ts';
import { stress } from '../../../core/stress/explore/stress.ts';
import { forgetful } from '../../../core/stress/testing/defectiveEngines.ts';
import { environment } from '../../../core/stress/testing/run.ts';
import { assertGoldenText } from '../../../core/testing/golden.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { runStress } from '../../../node/stress/runStress.ts';
import { type CliOptions, type CliRun, runWith } from '../testing/cli.ts';

const SCHEMA = join(import.meta.dirname, '../../../schemas/stress.schema.json');
const check = new Ajv({ strict: false }).compile(JSON.parse(await readFile(SCHEMA, 'utf8')));
const fits = (document: unknown): boolean => check(document) === true;
const fixture = (name: string): string => join(FIXTURES, name);

/** Output without what differs from run to run and from place to place. */
const steady = ({ out }: CliRun): string =>
  out.replaceAll(`${FIXTURES}/`, '').replace(/\d+\.\d\d s \([\d,]+\/s\)/g, 'TIME');

describe('stress, as text', () => {
  const cases: [name: string, code: number, args: string[]][] = [
    ['race', 1, ['counter-global.wat', '--call', 'increment()']],
    ['race-full', 1, ['counter-global.wasm', '--call', 'increment()', '--full']],
    ['lock', 1, ['broken-lock.wat', '--scenario', 'broken-lock.stress.json']],
    ['safe', 0, ['threads-atomics.wat', '--call', 'increment()', '--callers', '3']],
    ['plan', 1, ['disjoint-exports.wasm', '--seconds', '300']],
    ['isolated', 0, ['counter-global.wat', '--model', 'isolated', '--call', 'increment()']],
    ['growth', 1, ['grow-vs-write.wat', '--scenario', 'grow-vs-write.stress.json']],
    ['protocol', 1, ['greeting.wat', '--scenario', 'greeting.stress.json']],
    ['repeated', 1, ['exchange.wat', '--scenario', 'exchange.stress.json']],
  ];
  for (const [name, code, [file, ...args]] of cases) {
    test(name, async () => {
      const resolved = args.map((arg) => (arg.endsWith('.stress.json') ? fixture(arg) : arg));
      const ran = await runWith(['stress', fixture(file), ...resolved]);
      assert.deepEqual(ran.err, []);
      assertGoldenText(import.meta.dirname, `stress-${name}`, steady(ran));
      assert.equal(ran.code, code);
    });
  }
});

describe('stress, as JSON', () => {
  test('of calls is one result, of a plan a list; both fit the schema', async () => {
    const one = await runWith(['stress', fixture('counter-global.wat'), '--call', 'increment()', '--format', 'json']);
    const result = JSON.parse(one.out);
    assert.ok(fits(result), JSON.stringify(check.errors?.slice(0, 3)));
    assert.deepEqual([result.verdict, result.wrongOutcome, result.exhaustive, one.code], ['race', true, true, 1]);
    const plan = await runWith(['stress', fixture('counter-global.wat'), '--seconds', '300', '--format', 'json']);
    assert.ok(fits(JSON.parse(plan.out)), JSON.stringify(check.errors?.slice(0, 3)));
    assert.ok(JSON.parse(plan.out).results.length > 2);
  });

  test('a scenario file stands for its module, and its schedule replays', async () => {
    const file = fixture('counter-global.stress.json');
    const { schedule, traced } = JSON.parse((await runWith(['stress', file, '--format', 'json'])).out);
    const again = await runWith(['replay', file, '--schedule', schedule, '--format', 'json']);
    const replayed = JSON.parse(again.out);
    assert.ok(fits(replayed), JSON.stringify(check.errors?.slice(0, 3)));
    assert.deepEqual(replayed.traced, traced);
    assert.equal(replayed.wrongOutcome, true);
    assert.equal(again.code, 1);
  });
});

describe('what cannot be run', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-stress-'));
    await writeFile(join(folder, 'text.wasm'), 'no module');
    await writeFile(join(folder, 'wrong.stress.json'), '{ "callers": [[["f"]]], "hosts": 1 }');
    await writeFile(join(folder, 'none.stress.json'), '{ "callers": [[["f"]]] }');
    await writeFile(join(folder, 'syntax.wat'), '(module (func (export "f") i32.cost 1))');
    await writeFile(join(folder, 'imports.wat'), '(module (import "env" "f" (func)) (func (export "g") (call 0)))');
    await writeFile(
      join(folder, 'imports.stress.json'),
      '{ "callers": [[["g"]]], "imports": { "module": "gone.js" } }',
    );
    await writeFile(join(folder, 'given.mjs'), 'export default { env: { f() { return 0; } } };');
    await writeFile(
      join(folder, 'given.stress.json'),
      '{ "module": "imports.wat", "callers": [[["g"]], [["g"]]], "imports": { "module": "given.mjs" } }',
    );
  });
  after(() => rm(folder, { recursive: true }));

  const cases: [string, () => string[], RegExp][] = [
    ['no file', () => ['stress'], /no file given/],
    ['a missing file', () => ['stress', join(folder, 'gone.wasm'), '--call', 'f()'], /no such file/],
    [
      'a file that is no module',
      () => ['stress', join(folder, 'text.wasm'), '--call', 'f()'],
      /not a WebAssembly module/,
    ],
    [
      'a source that does not compile',
      () => ['stress', join(folder, 'syntax.wat'), '--call', 'f()'],
      /syntax\.wat:1:\d+: /,
    ],
    ['an unknown export', () => ['stress', fixture('pure.wat'), '--call', 'nope()'], /the module has no export nope/],
    [
      'the wrong number of arguments',
      () => ['stress', fixture('counter-global.wat'), '--call', 'increment(1)'],
      /takes 0 arguments/,
    ],
    ['a call that is none', () => ['stress', fixture('pure.wat'), '--call', 'f(1'], /a "\)" is missing/],
    [
      'a scenario with unknown keys',
      () => ['stress', fixture('pure.wat'), '--scenario', join(folder, 'wrong.stress.json')],
      /has no hosts/,
    ],
    ['a scenario without a module', () => ['stress', join(folder, 'none.stress.json')], /names no module/],
    [
      'a missing module of imports',
      () => ['stress', join(folder, 'imports.wat'), '--scenario', join(folder, 'imports.stress.json')],
      /gone\.js could not be loaded/,
    ],
    [
      'a schedule that is none',
      () => ['replay', fixture('counter-global.wat'), '--call', 'increment()', '--schedule', '3A'],
      /character 1 of the schedule/,
    ],
    [
      'a replay without a schedule',
      () => ['replay', fixture('counter-global.wat'), '--call', 'increment()'],
      /--schedule is missing/,
    ],
    ['nothing that conflicts', () => ['stress', fixture('pure.wat')], /no two calls of its exports conflict/],
    [
      'too many callers',
      () => ['stress', fixture('pure.wat'), '--call', 'f()', '--callers', '99'],
      /--callers expects a number from 1 to 16/,
    ],
  ];
  for (const [what, args, pattern] of cases) {
    test(what, async () => {
      const ran = await runWith(args());
      assert.equal(ran.code, 2);
      assert.match(ran.err.join('\n'), pattern);
      assert.equal(ran.out, '');
    });
  }

  test('a JavaScript module gives the imports', async () => {
    const ran = await runWith(['stress', join(folder, 'given.stress.json'), '--format', 'json']);
    assert.deepEqual(ran.err, []);
    assert.deepEqual(JSON.parse(ran.out).imports.stubbed, []);
    // Two callers can meet inside of `env.f`.
    assert.deepEqual([JSON.parse(ran.out).verdict, ran.code], ['inconclusive', 3]);
  });
});

describe('stress of imports that may suspend, on JavaScript', () => {
  const folder = join(import.meta.dirname, '../../../core/stress/explore/cases/jspi-shadow-stack');
  const file = (name: string): string => join(folder, `${name}.stress.json`);

  test('depends on what is said of them', async () => {
    const unsaid = await runWith(['stress', file('scenario'), '--format', 'json']);
    const result = JSON.parse(unsaid.out);
    assert.ok(fits(result), JSON.stringify(check.errors?.slice(0, 3)));
    assert.deepEqual([unsaid.code, result.verdict, result.ifSuspended.run.verdict], [3, 'inconclusive', 'non-atomic']);
    const said = await runWith(['stress', file('scenario'), '--suspending', 'env.sleep']);
    assert.equal(said.code, 1);
    assert.match(said.out, /: wrong outcome: /);
    const apart = await runWith(['stress', file('scenario'), '--model', 'isolated']);
    assert.equal(apart.code, 0);
    assert.match(apart.out, /: safe with an instance for each caller: .*\n {2}Rests on: /);
    assert.equal((await runWith(['stress', file('count')])).code, 0);
  });

  test('check names the exports that conflict on one instance', async () => {
    const module = join(folder, 'module.wat');
    const { out } = await runWith(['check', '--host', 'javascript', module]);
    assert.match(out, /ON ONE INSTANCE\n.*calls of `fn_a` and `fn_b` conflict if\n? *`env\.sleep` suspends a call/s);
    const { modules } = JSON.parse((await runWith(['check', '--host', 'javascript', '--format', 'json', module])).out);
    assert.deepEqual(modules[0].oneInstance, { imports: ['env.sleep'], exports: ['fn_a', 'fn_b'] });
    const named = await runWith(['check', '--host', 'javascript', '--suspending', 'env.sleep', module]);
    assert.match(named.out, /javascript, cooperative/);
    assert.doesNotMatch(named.out, /ON ONE INSTANCE/);
  });
});

describe('a defect of the engine', () => {
  const explore: CliOptions['explore'] = async ({ bytes, name, scenario }) =>
    advised(await stress({ bytes, name, scenario }, environment(), forgetful));
  const args = ['stress', fixture('counter-global.wat')];

  test('is told in text and on standard error, with exit code 2', async () => {
    const { code, out, err } = await runWith([...args, '--call', 'increment()'], { explore });
    assert.equal(code, 2);
    assert.match(out, /: inconclusive: the engine has a defect, see below\n/);
    assert.match(out, /Defect of wasm-hazards: .*Please report it[\s\S]*not-replayed: .*\([AB]\d[\s\S]*scenario: \{/);
    assert.match(err[0], /^wasm-hazards: defect of wasm-hazards: a race on \$count was found, .*; please report it/);
  });

  test('is told in JSON that fits the schema', async () => {
    const { code, out } = await runWith([...args, '--call', 'increment()', '--format', 'json'], { explore });
    const result = JSON.parse(out);
    assert.ok(fits(result), JSON.stringify(check.errors?.slice(0, 3)));
    assert.deepEqual([code, result.verdict], [2, 'inconclusive']);
    assert.ok(result.defects.length > 0);
    const [{ kind, schedule }] = result.defects;
    assert.equal(kind, 'not-replayed');
    assert.match(schedule, /^([AB]\d+)+$/);
    assert.deepEqual(result.scenario.callers, [[['increment']], [['increment']]]);
  });

  test('of one scenario of a plan is shown whichever result is the worst', async () => {
    let runs = 0;
    const second: CliOptions['explore'] = async (job, options) =>
      runs++ === 1 ? (explore as NonNullable<typeof explore>)(job, options) : runStress(job, options);
    const { code, out, err } = await runWith(args, { explore: second });
    assert.equal(code, 2);
    assert.match(out, /wrong outcome: /);
    assert.match(out, /Defect of wasm-hazards: /);
    assert.match(err[0], /^wasm-hazards: increment with count, one call each: defect of wasm-hazards: /);
  });
});
