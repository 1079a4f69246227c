import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { commentText, identifier, MAX_NAME, quoteBytes, quoteName, shortenName } from './text.ts';

describe('strings of the text format', () => {
  test('names keep what is visible and escape the rest', () => {
    assert.equal(quoteName('plain name'), '"plain name"');
    assert.equal(quoteName('a"b\\c\n\t\r\0'), '"a\\"b\\\\c\\n\\t\\0d\\00"');
    assert.equal(quoteName('é😀日本'), '"é😀日本"');
    assert.equal(quoteName('\u202eabc\u200b\u00a0'), '"\\u{202e}abc\\u{200b}\\u{a0}"');
    assert.equal(quoteName('\ud800'), '"\\u{fffd}"');
  });

  test('bytes are escaped one by one', () => {
    assert.equal(quoteBytes(Uint8Array.of(0x61, 0, 0x22, 0x5c, 0xff, 0x62), 0, 5), '"a\\00\\"\\\\\\ff"');
    assert.equal(quoteBytes(Uint8Array.of(), 0, 0), '""');
  });

  test('identifiers are quoted only where they must be', () => {
    assert.equal(identifier('core::fmt'), '$core::fmt');
    assert.equal(identifier('a b'), '$"a b"');
    assert.equal(identifier('f(x)'), '$"f(x)"');
  });

  test('shortening is bounded, does not split characters, and is idempotent', () => {
    const long = shortenName('x'.repeat(10_000));
    assert.equal(long.length, MAX_NAME);
    assert.equal(shortenName(long), long);
    const pairs = shortenName(`x${'😀'.repeat(1000)}`);
    assert.ok(!/[\ud800-\udbff]\.\.\.$/.test(pairs) && pairs.length <= MAX_NAME);
  });

  test('comments are one visible line', () => {
    assert.equal(commentText('a\nb\u202ec\u{1f600}'), 'a?b?c😀');
  });
});
