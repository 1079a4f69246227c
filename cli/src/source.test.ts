/**
 * Commands speak of the source of modules with debug information: golden texts of `core/debug/cases`, as somebody reads
 * them in a folder with module and source.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { assertGoldenText } from '../../core/testing/golden.ts';
import { ROOT } from '../../core/testing/paths.ts';
import { runWith, steadyOutput } from './testing/cli.ts';

const CASES = join(ROOT, 'core', 'debug', 'cases');
const FILES = ['state.c', 'state.wasm', 'lock.c', 'lock.wasm', 'counter.wasm', 'counter.wasm.map'];
/** One in Rust, of the tests of DWARF. */
const RUST = ['counter.rs', 'rust.wasm'];
let folder: string;
let home: string;

before(async () => {
  home = process.cwd();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'source-')));
  const cases = [...FILES.map((file) => join(CASES, file)), ...RUST.map((file) => join(CASES, '../dwarf/cases', file))];
  for (const path of cases) {
    const file = join(folder, basename(path));
    await copyFile(path, file);
    // Sources are older than what was compiled from them.
    await utimes(file, 1_700_000_000, file.endsWith('.wasm') ? 1_700_000_100 : 1_700_000_000);
  }
  process.chdir(folder);
});
after(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const golden = async (name: string, args: string[]): Promise<void> =>
  assertGoldenText(import.meta.dirname, name, steadyOutput(await runWith(args)));

describe('as text', () => {
  const cases: Readonly<Record<string, string[]>> = {
    'source-check': ['check', 'state.wasm'],
    'source-check-off': ['check', 'state.wasm', '--source', 'off'],
    'source-check-lock': ['check', 'lock.wasm', '--model', 'shared-memory'],
    'source-stress': ['stress', 'state.wasm', '--call', 'record(2)'],
    'source-stress-off': ['stress', 'state.wasm', '--call', 'record(2)', '--source', 'off'],
    'source-stress-elements': ['stress', 'state.wasm', '--call', 'third()', '--call', 'clear()', '--full'],
    'source-hang': ['stress', 'lock.wasm', '--call', 'enter()'],
    'source-lost-notification': ['stress', 'lock.wasm', '--call', 'await_ready()', '--call', 'announce()'],
    'source-rust-check': ['check', 'rust.wasm'],
    'source-rust-stress': ['stress', 'rust.wasm', '--call', 'bump(1)', '--full'],
    'source-assemblyscript-check': ['check', 'counter.wasm'],
    'source-assemblyscript-stress': ['stress', 'counter.wasm', '--call', 'bump()', '--full'],
    'source-replay': ['replay', 'state.wasm', '--call', 'increment()', '--callers', '2', '--schedule', 'A1B2A1'],
  };
  for (const [name, args] of Object.entries(cases)) test(name, () => golden(name, args));

  test('without debug information there is nothing to switch off', async () => {
    const file = join(ROOT, 'test-fixtures', 'counter-global.wasm');
    for (const args of [
      ['check', file],
      ['replay', file, '--call', 'increment()', '--callers', '2', '--schedule', 'A1B2A1'],
    ])
      assert.equal(steadyOutput(await runWith(args)), steadyOutput(await runWith([...args, '--source', 'off'])));
  });

  test('a source that is newer than its module is said to be', async () => {
    await utimes(join(folder, 'state.c'), 1_700_000_000, 1_700_009_000);
    const { out } = await runWith(['check', 'state.wasm']);
    await utimes(join(folder, 'state.c'), 1_700_000_000, 1_700_000_000);
    assert.match(out, /state\.c is newer than the module: its lines may have moved/);
  });

  test('where the source is not here, the folder of the build is said', async () => {
    process.chdir(ROOT);
    const only = await mkdtemp(join(tmpdir(), 'binary-'));
    try {
      process.chdir(only);
      await copyFile(join(CASES, 'state.wasm'), join(only, 'state.wasm'));
      const { out } = await runWith(['check', 'state.wasm']);
      assert.match(out, / at state\/state\.c:13:11 \(0x8f\)/);
    } finally {
      process.chdir(folder);
      await rm(only, { recursive: true });
    }
  });
});

test('--source-path says where the sources are that were built elsewhere', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  try {
    await copyFile(join(CASES, 'state.c'), join(elsewhere, 'state.c'));
    const args = ['check', 'state.wasm', '--source-path', `/build/state=${elsewhere}`];
    const { out } = await runWith(args);
    assert.ok(out.includes(`at ${relative(folder, elsewhere)}/state.c:13:11 (0x8f)`), out);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
  const wrong = await runWith(['check', 'state.wasm', '--source-path', 'nothing']);
  assert.deepEqual(wrong.err, ['wasm-hazards: check: --source-path expects PREFIX=FOLDER, not nothing']);
});

describe('as JSON', () => {
  /** Asserts that a document is what the schema of a command says. */
  async function assertFits(name: string, document: unknown): Promise<void> {
    const schema: object = JSON.parse(await readFile(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'));
    const check = new Ajv({ strict: false }).compile(schema);
    assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 3)));
  }

  test('check has places and variables, and fits its schema', async () => {
    const { out } = await runWith(['check', 'state.wasm', '--format', 'json']);
    const report = JSON.parse(out);
    await assertFits('check', report);
    const [module] = report.modules;
    const [exported] = module.exports.filter(({ name }: { name: string }) => name === 'record');
    assert.deepEqual(exported.place, { file: 'state.c', line: 26 });
    const [hazard] = exported.hazards;
    assert.deepEqual(hazard.site.place, { file: 'state.c', line: 22, column: 15, function: 'record' });
    assert.deepEqual(hazard.cell.variable, { name: 'state.count', of: 'state', file: 'state.c', line: 8 });
    assert.deepEqual(hazard.cell.address, { base: 'static', start: 1060, end: 1064 });
  });

  test('stress has them at every step, and the rest as without debug information', async () => {
    const args = ['stress', 'state.wasm', '--call', 'record(2)', '--format', 'json'];
    const known = JSON.parse((await runWith(args)).out);
    await assertFits('stress', known);
    const [race] = known.races;
    assert.deepEqual(race.a.place, { file: 'state.c', line: 22, column: 15, function: 'record' });
    assert.equal(race.variable.name, 'state.count');
    const steps = known.trace.filter(({ op }: { op: string }) => /\.(load|store)$/.test(op));
    assert.ok(steps.length > 4);
    for (const { place, variable } of steps)
      assert.ok(place.line >= 22 && /^state\.(count|total)$/.test(variable.name));
    const plain = JSON.parse((await runWith([...args, '--source', 'off'])).out);
    await assertFits('stress', plain);
    const bare = (result: typeof known) =>
      result.trace.map((row: Record<string, unknown>) => ({ ...row, place: undefined, variable: undefined }));
    assert.deepEqual(bare(known), bare(plain));
    assert.deepEqual(
      known.races.map(({ cell }: { cell: string }) => cell),
      plain.races.map(({ cell }: { cell: string }) => cell),
    );
  });
});

test('the comment of generated code says where variables are declared and written', async () => {
  const { out } = await runWith(['wrap', 'state.wasm', '--kind', 'mutex']);
  const comment = out.slice(0, out.indexOf('package ')).replaceAll('\n// ', ' ');
  assert.match(comment, /counter \(memory \[1056,1060\)\), declared at state\.c:7, written in bump at state\.c:13/);
  assert.match(comment, /slots\[3\] \(memory \[1036,1040\)\), declared at state\.c:9/);
  const off = await runWith(['wrap', 'state.wasm', '--kind', 'mutex', '--source', 'off']);
  assert.doesNotMatch(off.out, /state\.c/);
});

test('--source has two values', async () => {
  const { code, err } = await runWith(['check', 'state.wasm', '--source', 'on']);
  assert.equal(code, 2);
  assert.match(err.join('\n'), /--source cannot be "on"; it is one of auto, off/);
});

test('names in debug information can do nothing to a terminal or to generated code', async () => {
  const evil: readonly (readonly [from: string, to: string])[] = [
    ['counter', '\u001b[2J`*/'],
    ['slots', '\n"; x'],
    ['state.c', '\u001b]0;`\n\r'],
    ['record', '\r*/ \u0007x'],
  ];
  const bytes = await readFile(join(CASES, 'state.wasm'));
  const debug = bytes.indexOf('.debug_abbrev');
  for (const [from, to] of evil) {
    assert.equal(from.length, to.length);
    for (let at = bytes.indexOf(from, debug); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
  }
  const file = join(folder, 'evil.wasm');
  await writeFile(file, bytes);
  for (const args of [
    ['check', file],
    ['replay', file, '--call', 'increment()', '--callers', '2', '--schedule', 'A1B2A1', '--full'],
    ['check', file, '--format', 'json'],
  ]) {
    const { out } = await runWith(args);
    assert.match(out, /\\+u\{1b\}/, args.join(' '));
    assert.ok(
      [...out].every((c) => c === '\n' || !/[\p{Cc}\p{Cf}]/u.test(c)),
      args.join(' '),
    );
  }
  for (const host of ['wazero', 'wasmtime', 'javascript']) {
    const { out, code } = await runWith(['wrap', file, '--kind', 'test', '--host', host]);
    assert.equal(code, 0);
    const plain = (await runWith(['wrap', file, '--kind', 'test', '--host', host, '--source', 'off'])).out;
    // Only comments and texts may differ: what remains is the same code.
    const codeOf = (text: string): string =>
      text
        .split('\n')
        .filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line))
        .join('\n')
        .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, 'TEXT');
    assert.equal(codeOf(out), codeOf(plain), host);
  }
});
