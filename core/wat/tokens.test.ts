import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { MNEMONIC } from '../wasm/instructions.ts';
import { TokenKind } from './model.ts';
import { type Lexed, lex } from './tokens.ts';
import { Keyword } from './words.ts';

const NAMES = Object.keys(TokenKind);

/** Tokens as `kind text`, without the kind for parentheses and words. */
function show(text: string): string[] {
  const { tokens } = lex(text);
  return Array.from({ length: tokens.count }, (_, i) => {
    const kind = tokens.kind[i];
    const written = text.slice(tokens.start[i], tokens.end[i]);
    return kind <= TokenKind.Word ? written : `${NAMES[kind]} ${written}`;
  });
}

const errorsOf = ({ errors }: Lexed): string[] => errors.map(({ start, end, message }) => `${start}-${end} ${message}`);

describe('tokens', () => {
  const cases: Record<string, [text: string, ...tokens: string[]]> = {
    parentheses: ['(()', '(', '(', ')'],
    words: ['i32.add func offset=0x4 nan:0x1 a!b', 'i32.add', 'func', 'offset=0x4', 'nan:0x1', 'a!b'],
    'words that begin otherwise': ['Func _a .5 =', 'Func', '_a', '.5', '='],
    numbers: ['0 -1 +0x1.8p3 1_000 +inf -nan', ...'0 -1 +0x1.8p3 1_000 +inf -nan'.split(' ').map((n) => `Number ${n}`)],
    identifiers: ['$a $0 $$ $a.b::c $', 'Id $a', 'Id $0', 'Id $$', 'Id $a.b::c', 'Id $'],
    'quoted identifiers': ['$"core::fmt" $"a \\" (b"(', 'Id $"core::fmt"', 'Id $"a \\" (b"', '('],
    strings: ['"a" "\\"" "\\\\" ";;(;"', 'String "a"', 'String "\\""', 'String "\\\\"', 'String ";;(;"'],
    'line comments': ['a ;; ( "\nb;;;\r(c ;;', 'a', 'b', '(', 'c'],
    'block comments': ['a(; ( " ;; ;)b(;(;;)c;)d', 'a', 'b', 'd'],
    'a block comment over lines': ['(;\n;; ;)\n;)a', 'Stray ;', ')', 'a'],
    annotations: ['a(@x (y) ")" (; ) ;) ;; )\n)b (@"n" ")") c', 'a', 'b', 'c'],
    'annotations in annotations': ['(@a @ (@x) (@(@(@))))d', 'd'],
    'stray characters': [
      'a,b [c] é😀 ; {',
      'a',
      'Stray ,',
      'b',
      'Stray [',
      'c',
      'Stray ]',
      'Stray é😀',
      'Stray ;',
      'Stray {',
    ],
    'NUL and lone surrogates': ['a\0b \ud800c "\udc00"', 'a', 'Stray \0', 'b', 'Stray \ud800', 'c', 'String "\udc00"'],
    'line breaks and tabs': ['a\r\nb\rc\n\td\f', 'a', 'b', 'c', 'd', 'Stray \f'],
    'a byte order mark': ['\ufeff(', 'Stray \ufeff', '('],
  };
  for (const [name, [text, ...expected]] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(show(text), expected));
  }

  test('unterminated tokens end at the end of the line', () => {
    assert.deepEqual(show('a "b (c\nd'), ['a', 'String "b (c', 'd']);
    assert.deepEqual(show('a (; b (; ;)\nc (; d ;) e'), ['a', 'c', 'e']);
    assert.deepEqual(show('a (@b (c)\nd (@e) f'), ['a', 'd', 'f']);
    assert.deepEqual(errorsOf(lex('a "b\r\n(; \n(@x')), [
      '2-4 this string is never closed',
      '6-8 this comment is never closed',
      '10-12 this annotation is never closed',
    ]);
    assert.deepEqual(errorsOf(lex('"a\\"')), ['0-4 this string is never closed']);
  });

  test('words are known by their number', () => {
    const { tokens } = lex('i32.add memory.grow func module i32.ad funct I32.add else');
    assert.deepEqual(Array.from(tokens.word), [
      MNEMONIC.indexOf('i32.add'),
      MNEMONIC.indexOf('memory.grow'),
      Keyword.func,
      Keyword.module,
      -1,
      -1,
      -1,
      MNEMONIC.indexOf('else'),
    ]);
    MNEMONIC.forEach((mnemonic) => {
      if (mnemonic !== undefined) assert.equal(lex(mnemonic).tokens.word[0], MNEMONIC.indexOf(mnemonic));
    });
  });

  test('a dense text makes the arrays grow', () => {
    assert.equal(lex('('.repeat(10_000)).tokens.count, 10_000);
  });
});

describe('comments that suppress findings', () => {
  const ignores = (text: string) =>
    lex(text).ignores.map(({ start, end, rules, alone }) => ({
      comment: text.slice(start, end),
      rules: rules.map((rule) => [rule.text, text.slice(rule.start, rule.end)]),
      alone,
    }));
  const rule = (name: string) => [name, name];

  test('at the end of a line or alone', () => {
    assert.deepEqual(ignores('  ;; wasm-hazards-ignore global-write\r\nnop ;; wasm-hazards-ignore a'), [
      { comment: ';; wasm-hazards-ignore global-write', rules: [rule('global-write')], alone: true },
      { comment: ';; wasm-hazards-ignore a', rules: [rule('a')], alone: false },
    ]);
  });

  test('several rules, every rule, a reason', () => {
    assert.deepEqual(ignores(';;wasm-hazards-ignore a-b, c  d -- e, f')[0].rules, ['a-b', 'c', 'd'].map(rule));
    assert.deepEqual(ignores(';; wasm-hazards-ignore')[0].rules, []);
    assert.deepEqual(ignores(';; wasm-hazards-ignore -- why')[0].rules, []);
  });

  test('other comments are not', () => {
    assert.deepEqual(ignores(';; wasm-hazards-ignored a\n;; see wasm-hazards-ignore\n(; wasm-hazards-ignore ;)'), []);
    assert.deepEqual(ignores('";; wasm-hazards-ignore a"'), []);
  });
});
