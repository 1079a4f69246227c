import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { decodeString, nameOfId } from './strings.ts';

const decode = (token: string): string => decodeString(token, 0, token.length);
const name = (token: string): string => nameOfId(token, 0, token.length).text;

describe('strings and names', () => {
  test('escapes', () => {
    assert.equal(decode('"plain é😀"'), 'plain é😀');
    assert.equal(decode('"\\t\\n\\r\\"\\\'\\\\"'), '\t\n\r"\'\\');
    assert.equal(decode('"\\41\\u{1F600}\\u{0_0e9}"'), 'A😀é');
    assert.equal(decode('"é\\c3\\a9\\f0\\9f\\98\\80"'), 'éé😀');
  });

  test('malformed escapes are kept literally', () => {
    assert.equal(decode('"\\q\\4"'), '\\q\\4');
    assert.equal(decode('"\\u{110000}"'), '\\u{110000}');
    assert.equal(decode('"\\ff"'), '\ufffd');
    assert.equal(decode('"a'), 'a');
    assert.equal(decode('"'), '');
  });

  test('identifiers', () => {
    assert.equal(name('$a'), 'a');
    assert.equal(name('$"a"'), 'a');
    assert.equal(name('$"\\61 b"'), 'a b');
    assert.equal(name('$"a'), 'a');
    assert.equal(name('$'), '');
  });
});
