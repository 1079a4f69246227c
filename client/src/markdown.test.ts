import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asMarkdown } from './markdown.ts';

describe('text as Markdown', () => {
  it('has no links, code, icons or HTML', () => {
    assert.equal(asMarkdown('[a](command:b)'), '\\[a\\]\\(command\\:b\\)');
    assert.equal(asMarkdown('`x` $(error) <b>&lt;'), '\\`x\\` \\$\\(error\\) \\<b\\>\\&lt;');
  });

  it('stays in one paragraph and breaks at spaces', () => {
    assert.equal(asMarkdown('a\n\n# b  c'), 'a \\# b c');
  });
});
