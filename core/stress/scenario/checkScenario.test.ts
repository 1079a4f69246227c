/** The form of scenario files: our own checks, and the JSON schema that editors use, agree. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { Ajv } from 'ajv';
import { HOST_IDS } from '../../hosts/index.ts';
import { SHARING_MODELS } from '../../hosts/profile.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { checkCalls, checkForm, parseScenario } from './checkScenario.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas/scenario.schema.json'), 'utf8'));
const { defaultSnippets: _, ...plain } = schema;
const fits = new Ajv({ strict: false }).compile(plain);

const callers = [[['f']]];
const GOOD: unknown[] = [
  { callers },
  {
    $schema: 'x',
    module: 'a.wasm',
    host: 'wasmtime',
    model: 'isolated',
    callers,
    setup: [['g', 1, '2', null]],
    probe: [],
  },
  {
    callers,
    imports: {
      'env.f': { suspends: true },
      'env.g': {
        calls: [
          ['f', '$0'],
          ['g', 1],
        ],
      },
    },
  },
  { callers, imports: { module: 'x.js', 'env.f': { suspends: false, calls: [] } } },
  { callers, imports: { module: 'x.js' }, wasi: { clock: true, random: false, args: ['a'], env: { A: 'b' } } },
  { callers, unit: 'sequence' },
  { callers, unit: 'auto' },
  { callers, budget: { seconds: 0.5, schedules: 10, preemptions: 0 }, seed: -3 },
  { callers: Array.from({ length: 8 }, () => [['f']]) },
];
const BAD: [unknown, (string | number)[]][] = [
  [[], []],
  [{}, []],
  [{ callers: [] }, ['callers']],
  [{ callers: [[]] }, ['callers', 0]],
  [{ callers: Array.from({ length: 9 }, () => [['f']]) }, ['callers']],
  [{ callers: [[[]]] }, ['callers', 0, 0]],
  [{ callers: [[[1]]] }, ['callers', 0, 0]],
  [{ callers: [[['f', true]]] }, ['callers', 0, 0, 1]],
  [{ callers, host: 'wasmer2' }, ['host']],
  [{ callers, model: 'shared' }, ['model']],
  [{ callers, unit: 'exchange' }, ['unit']],
  [{ callers, imports: 'none' }, ['imports']],
  [{ callers, imports: { module: 1 } }, ['imports', 'module']],
  [{ callers, imports: {} }, ['imports']],
  [{ callers, imports: { 'env.f': {} } }, ['imports', 'env.f']],
  [{ callers, imports: { 'env.f': { suspends: 1 } } }, ['imports', 'env.f', 'suspends']],
  [{ callers, imports: { 'env.f': { calls: [[1]] } } }, ['imports', 'env.f', 'calls', 0]],
  [{ callers, imports: { 'env.f': { sleeps: true } } }, ['imports', 'env.f', 'sleeps']],
  [{ callers, wasi: { files: true } }, ['wasi', 'files']],
  [{ callers, budget: { seconds: -1 } }, ['budget', 'seconds']],
  [{ callers, budget: { hours: 1 } }, ['budget', 'hours']],
  [{ callers, budget: { constructor: 1 } }, ['budget', 'constructor']],
  [{ callers, seed: 1.5 }, ['seed']],
  [{ callers, Callers: 1 }, ['Callers']],
  [{ callers, setup: [['f'], 3] }, ['setup', 1]],
];

describe('the form of a scenario', () => {
  for (const document of GOOD) {
    test(`is right: ${JSON.stringify(document).slice(0, 80)}`, () => {
      assert.ok('file' in checkForm(document), JSON.stringify(checkForm(document)));
      assert.ok(fits(document), JSON.stringify(fits.errors));
    });
  }
  for (const [document, path] of BAD) {
    test(`is wrong: ${JSON.stringify(document).slice(0, 80)}`, () => {
      const checked = checkForm(document);
      assert.ok('problems' in checked);
      assert.deepEqual(checked.problems[0].path, path);
      assert.ok(!fits(document));
    });
  }

  test('of the schema names every host and model', () => {
    assert.deepEqual(schema.properties.host.enum, HOST_IDS);
    assert.deepEqual(schema.properties.model.enum, ['auto', ...SHARING_MODELS]);
  });

  for (const [text, place] of [
    ['{"callers": x}', 'line 1, column 13'],
    ['{\n  "callers": [\n    [["f"]]', 'line 3, column 12'],
    ['{\r\n  "callers" 1}', 'line 2, column 13'],
    ['', 'line 1, column 1'],
  ]) {
    test(`a syntax error has a place: ${JSON.stringify(text)}`, () => {
      const checked = parseScenario(text, 'wazero');
      assert.ok('problems' in checked && checked.problems.length === 1);
      assert.ok(checked.problems[0].message.startsWith(`not JSON at ${place}: `), checked.problems[0].message);
    });
  }

  test('may begin with a byte order mark', () => {
    assert.ok('scenario' in parseScenario('\uFEFF{"callers": [[["f"]]]}', 'wazero'));
    const checked = parseScenario('\uFEFF{"callers" 1}', 'wazero');
    assert.ok('problems' in checked && checked.problems[0].message.startsWith('not JSON at line 1, column 12: '));
  });

  test('at most a hundred problems are reported', () => {
    const checked = checkForm({ callers: [[['f', ...Array.from({ length: 5000 }, () => true)]]] });
    assert.ok('problems' in checked && checked.problems.length === 100);
  });

  test('deep texts that are not JSON are rejected, too', () => {
    assert.ok('problems' in parseScenario('['.repeat(500_000), 'wazero'));
  });

  test('huge and deep texts are rejected quickly', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    assert.ok('problems' in parseScenario(deep, 'wazero'));
    const many = JSON.stringify({ callers: [Array.from({ length: 5000 }, () => ['f'])] });
    const checked = parseScenario(many, 'wazero');
    assert.ok('problems' in checked && /5000 calls/.test(checked.problems[0].message));
    const long = parseScenario(' '.repeat(2_000_000), 'wazero');
    assert.ok('problems' in long && /million/.test(long.problems[0].message));
  });
});

test('calls are checked against the module, each problem at its place', async () => {
  const module = decodeModule(
    await parse(`(module (memory (export "memory") 1) (func (export "put") (param i32 i64 f64)) (func (export "vector") (result v128) (v128.const i64x2 0 0))
      (func (export "reference") (param externref)))`),
  );
  const problems = checkCalls(
    {
      behaviours: {},
      setup: [['pot']],
      callers: [
        [['put', 1, '99999999999999999999', 'x'], ['memory']],
        [['vector'], ['put', 1], ['reference', 1]],
      ],
      probe: [['put', -1, '-9223372036854775808', 'nan']],
    },
    module,
  );
  assert.deepEqual(
    problems.map(({ path }) => path),
    [
      ['setup', 0, 0],
      ['callers', 0, 0, 2],
      ['callers', 0, 0, 3],
      ['callers', 0, 1, 0],
      ['callers', 1, 0, 0],
      ['callers', 1, 1],
      ['callers', 1, 2, 1],
    ],
  );
  assert.match(problems[0].message, /did you mean put/);
});
