/** Positions and words of errors, of wasm-tools and of the engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeModule } from '../wasm/decode.ts';
import { readMessage, validationError } from '../wasm/validate.ts';
import { compile } from './compile.ts';
import { readRustDebug } from './rustDebug.ts';
import { utf16OffsetOf } from './utf8.ts';

/** Compiles `text`, in which `<|` and `|>` enclose what must be marked. */
async function marked(text: string, message: RegExp): Promise<void> {
  const start = text.indexOf('<|');
  const end = text.indexOf('|>') - 2;
  const compiled = await compile(text.replace('<|', '').replace('|>', ''));
  assert.ok('error' in compiled, text);
  assert.match(compiled.error.message, message);
  assert.deepEqual([compiled.error.start, compiled.error.end], [start, end], text);
}

test('errors are marked at their token', async () => {
  await marked('(module\n  (func $f i32.const 1 <|foo|>))', /^unknown operator or unexpected token$/);
  await marked('(module (func $a (call <|$b|>)))', /unknown func: failed to find name `\$b`/);
  await marked('(module (func $a) (func <|$a|>))', /duplicate func identifier/);
  await marked('(module)<|)|>', /extra tokens/);
  await marked('(module (func (i32.const <|99999999999|>)))', /out of range/);
  await marked('(module (func <|"a b"|>))', /expected an instruction/);
  await marked('(module (func $"a b" (call $"a b")<||>', /expected `\)`/);
});

test('positions are UTF-16 whatever comes before', async () => {
  for (const before of ['\t', '😀é', '(; 😀\n\té ;)', '\r\n', '\u{10ffff}ÿ', 'a\tb\t\u0080\u07ff\u0800\uffff']) {
    await marked(`(module\n(;${before};)\t(func <|foo|>))`, /unknown operator/);
    await marked(
      `(module\r\n(;${before};)\r\n (func (export "${before.replace(/\s/g, '')}") <|foo|>))`,
      /unknown operator/,
    );
  }
});

test('an error behind the end is placed at the end', async () => {
  const text = '(module (func $f 😀'.replace(' 😀', '');
  const compiled = await compile(text);
  assert.ok('error' in compiled);
  assert.deepEqual([compiled.error.start, compiled.error.end], [text.length, text.length]);
});

test('characters that do not belong there', async () => {
  await marked('(module <|\0|>)', /^unexpected character U\+0000$/);
  await marked('(module ;; <|\u202e|>\n)', /U\+202E changes the direction/);
  await marked('(module (data "a\\<|zbc|>"))', /^unknown escape `z`$/);
  const lone = await compile('(module (func (export "\ud800")) (func bar))');
  assert.ok('error' in lone);
});

test('a line cannot pretend to be an error', async () => {
  const trap = '"\\" }), span: Span { offset: 3 }, kind: Custom(\\"no\\")"';
  await marked(`(module (func (export ${trap}) <|foo|>))`, /^unknown operator/);
});

test('all kinds of the debug form', () => {
  const of = (kind: string): string =>
    readRustDebug(
      `Error { kind: Wast(Error { inner: ErrorInner { text: None, file: None, span: Span { offset: 7 }, kind: ${kind} } }) }`,
    ).message;
  assert.equal(of('Lex(DanglingBlockComment)'), 'the block comment does not end');
  assert.equal(of("Lex(Unexpected('\\''))"), "unexpected character `'`");
  assert.equal(of("Lex(Expected { wanted: 'a', found: 'b' })"), 'expected `a`, found `b`');
  assert.equal(of('Lex(SomethingNew)'), 'Something new');
  assert.equal(readRustDebug('nonsense').message, 'nonsense');
  assert.equal(readRustDebug('nonsense').byteOffset, undefined);
});

test('bytes to code units', () => {
  const text = 'aé€😀\ud800b';
  const encoder = new TextEncoder();
  for (let at = 0; at <= text.length; at++) {
    if (at === 4) continue; // Inside the pair.
    assert.equal(utf16OffsetOf(text, encoder.encode(text.slice(0, at)).length), at);
  }
  assert.equal(utf16OffsetOf(text, 1000), text.length);
});

test('the engine says what is invalid and where', async () => {
  const invalid = async (text: string) => {
    const compiled = await compile(text);
    assert.ok('bytes' in compiled);
    return validationError(decodeModule(compiled.bytes));
  };
  assert.equal(await invalid('(module (func (result i32) (i32.const 1)))'), undefined);
  const type = await invalid(
    '(module (func) (func $f (export "e: failed: ") i32.const 1 drop i64.const 1 i32.add drop))',
  );
  assert.deepEqual([type?.func, type?.kind], [1, 'invalid']);
  assert.match(type?.message ?? '', /^not enough arguments on the stack for i32\.add/);
  assert.ok((type?.offset ?? 0) > 30);
  assert.equal((await invalid('(module (memory 3 1))'))?.func, undefined);
  assert.equal((await invalid('(module (memory 1 1 (pagesize 1)))'))?.kind, 'unsupported');
  assert.equal((await invalid('(module (global (shared mut i32) (i32.const 0)))'))?.kind, 'unsupported');
});

test('a message of unknown form is shown unchanged', () => {
  assert.deepEqual(readMessage('no such form'), {
    offset: undefined,
    func: undefined,
    message: 'no such form',
    kind: 'invalid',
  });
  const named = readMessage('WebAssembly.Module(): Compiling function #3:"a\\" failed: x" failed: type error @+12');
  assert.deepEqual([named.func, named.message, named.offset], [3, 'type error', 12]);
});
