import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { staleFiles } from './generate/generated.ts';
import { markdownTable, withBlock } from './generate/markdown.ts';

describe('npm run generate', () => {
  it('has nothing to change: run it after a change of hosts or rules', () => {
    assert.deepEqual(
      staleFiles().map(({ path }) => path),
      [],
    );
  });

  it('writes tables whose columns line up', () => {
    assert.equal(markdownTable(['a', 'b'], [['`one`', '–']]), '| a     | b   |\n| ----- | --- |\n| `one` | –   |');
  });

  it('replaces the block of a page, and nothing else of it', () => {
    const page = '# A\n\n<!-- generated: x -->\n\nold\n\n<!-- end -->\n\n<!-- generated: y -->\n<!-- end -->\n';
    assert.equal(withBlock(page, 'x', 'new'), page.replace('old', 'new'));
    assert.throws(() => withBlock(page, 'z', 'new'), /no block/);
  });
});
