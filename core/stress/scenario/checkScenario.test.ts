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
import { checkCalls } from './checkCalls.ts';
import { checkForm, parseScenario } from './checkScenario.ts';
import { completeScenario } from './scenario.ts';

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
  {
    callers,
    imports: {
      preset: ['http-wasm', 'extism'],
      requests: [{ method: 'GET', uri: '/', headers: { a: 'b' }, body: '', config: {} }],
      'env.f': {
        reads: [{ at: '$0', length: '$1', type: 'utf8' }],
        perCaller: [{ writes: [{ at: '$0', utf8: '/a', max: '$1' }], returns: [1, '$0', null] }, { traps: 'no' }],
        sequence: [{ returns: 1 }],
        observe: true,
        suspends: false,
      },
    },
  },
  { callers, imports: { preset: 'none' } },
  { callers, unit: 'sequence' },
  { callers, unit: 'auto' },
  { callers, budget: { seconds: 0.5, schedules: 10, preemptions: 0 }, seed: -3 },
  { callers: Array.from({ length: 8 }, () => [['f']]) },
  {
    setup: [{ call: 'new', as: 'h' }],
    callers: [
      {
        repeat: 2,
        steps: [
          { call: 'malloc', args: [4], as: 'p' },
          { write: '$p', utf8: 'Lena' },
          { write: '$p + 4', memory: 'memory', i32: '$h' },
          { write: 8, hex: '00 ff' },
          { write: 8, memory: 0, base64: 'aGk=' },
          ['greet', '$p', 4],
          { read: '$p', length: 4, as: 'text', type: 'utf8' },
          { read: 0, type: 'u16' },
          { expect: 'u8(0) == 1 && $text == "Lena"' },
        ],
      },
      { like: 0, with: { Lena: 'Mira', 4: 5 } },
    ],
    invariants: ['i32(16) <= i32(20)'],
    compare: ['text', 'state'],
  },
];
const BAD: [unknown, (string | number)[]][] = [
  [[], []],
  [{}, []],
  [{ callers: [] }, ['callers']],
  [{ callers: [[]] }, ['callers', 0]],
  [{ callers: Array.from({ length: 17 }, () => [['f']]) }, ['callers']],
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
  [{ callers, imports: { preset: 'http' } }, ['imports', 'preset']],
  [{ callers, imports: { preset: ['auto'] } }, ['imports', 'preset', 0]],
  [{ callers, imports: { requests: [] } }, ['imports', 'requests']],
  [{ callers, imports: { requests: [{ path: '/' }] } }, ['imports', 'requests', 0, 'path']],
  [{ callers, imports: { 'env.f': { returns: true } } }, ['imports', 'env.f', 'returns']],
  [{ callers, imports: { 'env.f': { traps: 1 } } }, ['imports', 'env.f', 'traps']],
  [{ callers, imports: { 'env.f': { sequence: [] } } }, ['imports', 'env.f', 'sequence']],
  [
    { callers, imports: { 'env.f': { perCaller: [{ observe: true }] } } },
    ['imports', 'env.f', 'perCaller', 0, 'observe'],
  ],
  [
    { callers, imports: { 'env.f': { writes: [{ at: 0, i32: 1, max: -1 }] } } },
    ['imports', 'env.f', 'writes', 0, 'max'],
  ],
  [{ callers, imports: { 'env.f': { reads: [{ at: 0 }] } } }, ['imports', 'env.f', 'reads', 0]],
  [{ callers, wasi: { files: true } }, ['wasi', 'files']],
  [{ callers, budget: { seconds: -1 } }, ['budget', 'seconds']],
  [{ callers, budget: { hours: 1 } }, ['budget', 'hours']],
  [{ callers, budget: { constructor: 1 } }, ['budget', 'constructor']],
  [{ callers, seed: 1.5 }, ['seed']],
  [{ callers, Callers: 1 }, ['Callers']],
  [{ callers, setup: [['f'], 3] }, ['setup', 1]],
  [{ callers: [{ steps: [] }] }, ['callers', 0, 'steps']],
  [{ callers: [{ steps: callers[0], repeat: 0 }] }, ['callers', 0, 'repeat']],
  [{ callers: [{ like: 'a' }] }, ['callers', 0, 'like']],
  [{ callers: [callers[0], { like: 0, with: { a: [] } }] }, ['callers', 1, 'with']],
  [{ callers: [{ calls: callers[0] }] }, ['callers', 0]],
  [{ callers: [[{ call: 1 }]] }, ['callers', 0, 0, 'call']],
  [{ callers: [[{ call: 'f', as: '1' }]] }, ['callers', 0, 0, 'as']],
  [{ callers: [[{ call: 'f', args: [true] }]] }, ['callers', 0, 0, 'args', 0]],
  [{ callers: [[{ write: 0 }]] }, ['callers', 0, 0]],
  [{ callers: [[{ write: 0, utf8: 'a', i32: 1 }]] }, ['callers', 0, 0]],
  [{ callers: [[{ write: 0, hex: '0' }]] }, ['callers', 0, 0, 'hex']],
  [{ callers: [[{ write: 0, base64: '!' }]] }, ['callers', 0, 0, 'base64']],
  [{ callers: [[{ read: 0, type: 'i128' }]] }, ['callers', 0, 0, 'type']],
  [{ callers: [[{ read: null, type: 'i32' }]] }, ['callers', 0, 0, 'read']],
  [{ callers: [[{ read: 0, memory: -1 }]] }, ['callers', 0, 0, 'memory']],
  [{ callers: [[{ expect: 1 }]] }, ['callers', 0, 0, 'expect']],
  [{ callers: [[{ jump: 1 }]] }, ['callers', 0, 0]],
  [{ callers, invariants: 'x' }, ['invariants']],
  [{ callers, compare: [1] }, ['compare']],
];
/** What the schema cannot say. */
const BAD_VALUES: [unknown, (string | number)[], RegExp][] = [
  [{ callers: [{ like: 1 }, { like: 0 }] }, ['callers', 0, 'like'], /caller that lists its steps/],
  [{ callers: [[{ expect: '$a +' }]] }, ['callers', 0, 0, 'expect'], /a value is missing at its end/],
  [{ callers: [[{ write: 'p', i32: 1 }]] }, ['callers', 0, 0, 'write'], /results are named \$p/],
  [{ callers: [[['f', '$']]] }, ['callers', 0, 0, 1], /character 1 is not expected/],
  [{ callers, invariants: ['i32 16'] }, ['invariants', 0], /"\(" is missing after i32/],
  [{ callers, imports: { preset: 'httpwasm' } }, ['imports', 'preset'], /did you mean http-wasm/],
  [
    { callers, imports: { 'env.f': { returns: '$0 +' } } },
    ['imports', 'env.f', 'returns'],
    /a value is missing at its end/,
  ],
  [{ callers, imports: { 'env.f': { writes: [{ at: '$0' }] } } }, ['imports', 'env.f', 'writes', 0], /exactly one of/],
  [{ callers: [[{ read: 0, type: 'bytes' }]] }, ['callers', 0, 0], /needs a length/],
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

  for (const [document, path, message] of BAD_VALUES) {
    test(`has a wrong value: ${JSON.stringify(document).slice(0, 80)}`, () => {
      const checked = checkForm(document);
      assert.ok('problems' in checked);
      assert.deepEqual(checked.problems[0].path, path);
      assert.match(checked.problems[0].message, message);
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
      life: [['pet']],
      setup: [['pot']],
      callers: [
        [['put', 1, '99999999999999999999', 'x'], ['memory']],
        [['vector'], ['put', 1], ['reference', 1]],
      ],
      probe: [['put', -1, '-9223372036854775808', 'nan']],
      compare: 'auto',
    },
    module,
  );
  assert.deepEqual(
    problems.map(({ path }) => path),
    [
      ['life', 0, 0],
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

test('names and memories are checked against the steps and the module', async () => {
  const module = decodeModule(
    await parse('(module (memory (export "data") 1) (func (export "f") (param i32) (result i32) (local.get 0)))'),
  );
  const problems = checkCalls(
    completeScenario(
      {
        setup: [{ call: 'f', args: [1], as: 'h' }],
        callers: [
          [
            ['f', '$h'],
            ['f', '$p'],
            { call: 'f', args: ['$h'], as: 'p' },
            { read: '$p', type: 'i32', memory: 'memory' },
          ],
          [{ write: '$p', i32: 1 }],
        ],
        probe: [{ read: '$q', type: 'i32' }],
        invariants: ['$p == 1'],
        compare: ['text'],
      },
      'wazero',
    ),
    module,
  );
  assert.deepEqual(
    problems.map(({ path }) => path),
    [
      ['callers', 0, 1, 1],
      ['callers', 1, 0, 'write'],
      ['probe', 0, 'expect'],
      ['probe', 1, 'read'],
      ['compare', 0],
      ['callers', 0, 3, 'memory'],
    ],
  );
  assert.match(problems[0].message, /^\$p has no value here: no earlier step names its result p; known are \$h$/);
});
