import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../paths.ts';
import { withAbsoluteLinks } from './pageLinks.ts';
import { picturesOf } from './release.ts';

const HOME = 'https://example.com/o/r';

describe('links of a page outside of the repository', () => {
  const cases: [string, string][] = [
    ['[a](docs/a.md#b)', '[a](https://example.com/o/r/blob/HEAD/docs/a.md#b)'],
    ['![p](images/p.png "title")', '![p](https://example.com/o/r/raw/HEAD/images/p.png "title")'],
    [
      '<source srcset="d.png"><img src="l.svg">',
      '<source srcset="https://example.com/o/r/raw/HEAD/d.png"><img src="https://example.com/o/r/raw/HEAD/l.svg">',
    ],
    ['[a](#here) [b](https://x.org/y.png) [c](mailto:a@b.c)', '[a](#here) [b](https://x.org/y.png) [c](mailto:a@b.c)'],
    ['```md\n[a](b.md)\n```\n[c](LICENSE)', '```md\n[a](b.md)\n```\n[c](https://example.com/o/r/blob/HEAD/LICENSE)'],
  ];
  for (const [page, expected] of cases) {
    it(`are complete: ${JSON.stringify(page)}`, () => assert.equal(withAbsoluteLinks(page, HOME), expected));
  }

  it('leaves no relative picture in the README', () => {
    const pictures = picturesOf(withAbsoluteLinks(readFileSync(join(ROOT, 'README.md'), 'utf8'), HOME));
    assert.ok(pictures.length > 0);
    for (const picture of pictures) assert.match(picture, /^https:\/\/example\.com\/o\/r\/raw\/HEAD\/images\/.+\.png$/);
  });
});
