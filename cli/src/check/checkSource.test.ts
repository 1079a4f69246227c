/** `check` on WebAssembly text: places, scripts, what is wrong, and what comments silence. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

const CASES = join(import.meta.dirname, 'cases');
const scratch = await mkdtemp(join(tmpdir(), 'wasm-hazards-text-'));
after(() => rm(scratch, { recursive: true, force: true }));

async function fileOf(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, contents);
  return path;
}

/** What standard error says of a text, without the name of its file. */
async function complaint(name: string, contents: string | Uint8Array): Promise<string> {
  const file = await fileOf(name, contents);
  const { code, err } = await runWith(['check', file]);
  assert.equal(code, 2);
  assert.equal(err.length, 1);
  assert.ok(err[0].startsWith(file), err[0]);
  return err[0].slice(file.length + 1);
}

interface Site {
  line: number;
  column: number;
}
interface Entry {
  module?: number;
  exports: { name: string; hazards: { rule: string; site: Site }[] }[];
  errors: ({ offset: number; message: string } & Site)[];
}

async function modulesOf(...args: string[]): Promise<Entry[]> {
  return JSON.parse((await runWith(['check', '--format', 'json', ...args])).out).modules;
}

const WRITES = '(global $g (mut i32) (i32.const 0)) (func (export "f") (global.set $g (i32.const 1)))';

test('a source says what its binary says', async () => {
  const strip = ({ exports }: Entry) =>
    exports.map(({ name, hazards }) => [name, ...hazards.map(({ rule }) => rule)].join(' '));
  for (const name of ['counter-global', 'bump-allocator', 'mixed-atomics', 'segment-drop', 'shadow-stack']) {
    const [text, binary] = await modulesOf(join(FIXTURES, `${name}.wat`), join(FIXTURES, `${name}.wasm`));
    assert.deepEqual(strip(text), strip(binary), name);
  }
});

test('a site is the line and the column of the instruction', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const [entry] = await modulesOf(await fileOf('site.wat', `(module (; 😀 ;)${end}\t${WRITES})`));
    const { line, column } = entry.exports[0].hazards[0].site;
    assert.deepEqual({ line, column }, { line: 2, column: 2 + WRITES.indexOf('global.set') });
  }
});

test('columns count as editors do, and a byte order mark is none of them', async () => {
  const [entry] = await modulesOf(await fileOf('mark.wat', `\uFEFF(module (; 😀 ;) ${WRITES})`));
  assert.equal(entry.exports[0].hazards[0].site.column, `(module (; 😀 ;) ${WRITES}`.indexOf('global.set') + 1);
});

test('what does not compile is told by line and column', async () => {
  assert.equal(await complaint('word.wat', '(module\n  (func (foo)))'), '2:10: unknown operator or unexpected token');
  assert.match(await complaint('open.wat', '(module\n\n  (func'), /^3:8: /);
  assert.match(await complaint('words.wat', 'hello, world'), /^1:1: /);
  assert.match(await complaint('two.wat', '(module)\n(module)'), /^2:1: extra tokens/);
  assert.match(await complaint('nul.wat', '(module \0)'), /^1:9: /);
  assert.match(await complaint('nothing.wat', '\n;; nothing\n'), /^\d:\d+: expected at least one module field/);
  assert.match(await complaint('component.wat', '(component)'), /^1:1: a component in text form: compile it/);
});

test('what is not valid is told where it is, and nothing of it can be called', async () => {
  const file = await fileOf('invalid.wat', `(module ${WRITES}\n  (func (result i32)\n    i64.const 1))`);
  const { code, err, out } = await runWith(['check', file]);
  assert.equal(code, 2);
  assert.match(err.join('\n'), /invalid\.wat:\d+:\d+: not valid: type error in fallthru/);
  assert.equal(out, '');
});

test('invalid UTF-8 is told where it begins', async () => {
  const wrong = Buffer.concat([Buffer.from('(module\n ;; é'), Buffer.from([0xff, 0x29])]);
  assert.equal(await complaint('latin.wat', wrong), '2:6: not valid UTF-8');
  assert.equal(await complaint('cut.wat', Buffer.from('(module) ;; é').subarray(0, -1)), '1:13: not valid UTF-8');
  const [{ errors }] = await modulesOf(join(scratch, 'latin.wat'));
  assert.deepEqual(errors, [{ offset: 14, message: 'not valid UTF-8', line: 2, column: 6 }]);
});

test('each module of a script is an entry of its own', async () => {
  const modules = await modulesOf(join(CASES, 'script.wast'));
  assert.deepEqual(
    modules.map(({ module, exports, errors }) => [module, exports.map(({ name }) => name).join(), errors.length]),
    [
      [1, 'increment', 0],
      [2, '', 1],
      [3, 'grow', 0],
    ],
  );
  const { code, err } = await runWith(['check', join(CASES, 'script.wast')]);
  assert.equal(code, 2);
  assert.match(err.join('\n'), /^\S*script\.wast:9:57: [^\n]+$/);
});

test('a script without modules, and one with something else in it', async () => {
  const empty = await runWith(['check', await fileOf('empty.wast', '(assert_invalid (module (func)) "x")\n')]);
  assert.equal(empty.code, 0);
  assert.match(empty.out, /empty\.wast {2}no module was analysed/);
  assert.match(await complaint('wrong.wast', '(module)\n(modul)'), /^2:1: expected a module, a field or a command/);
});

test('standard input: text of one module, and a script', async () => {
  const check = async (text: string) =>
    runWith(['check', '-'], { stdin: Array.from(text, (character) => new TextEncoder().encode(character)) });
  const one = await check(`\n\n\n\n\n\n\n\n\n(module ${WRITES})`);
  assert.equal(one.code, 1);
  assert.match(one.out, /global\.set at standard input:10:65 \(0x/);
  assert.match((await check(`;; bare\n${WRITES}`)).out, /standard input:2:/);
  assert.match((await check(`(module)\n(module ${WRITES})`)).out, /standard input \(module 2\)/);
  assert.match((await check('(module)\n(register "a")')).out, /standard input \(module 1\)/);
  assert.deepEqual((await check('(module (func)')).err, ['standard input:1:15: expected `)`']);
});

test('a comment silences, and one that silences nothing is noted', async () => {
  const { code, out } = await runWith(['check', join(CASES, 'ignores.wat')]);
  assert.equal(code, 0);
  assert.match(out, /2 ignored/);
  assert.match(out, /ignores\.wat:8:26: This comment ignores nothing: there is no finding of `memory-write`/);
  assert.match(out, /ignores\.wat:8:40: There is no rule `no-such-rule`/);
  assert.doesNotMatch(out, /global-write/);
});

test('deep nesting is no end of the process', async () => {
  const nested = `(module (func ${'(block '.repeat(100_000)}${')'.repeat(100_000)}))`;
  const { code, err } = await runWith(['check', await fileOf('deep.wat', nested), join(FIXTURES, 'pure.wat')]);
  assert.deepEqual({ code, err }, { code: 0, err: [] });
});
