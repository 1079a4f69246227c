/** SECURITY.md says of each threat which test shows that it is stopped. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from './paths.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const page = read('SECURITY.md');
const cited = [...page.matchAll(/\[([^\]]+)\]\(([^)]+\.(?:test|ui)\.ts)\)/g)].map(([, title, path]) => ({
  title,
  path,
}));

describe('SECURITY.md', () => {
  it('names a test for every threat', () => {
    const threats = page
      .split(/^## Threats$/m)[1]
      .split(/^## /m)[0]
      .split(/^\*\*/m)
      .slice(1);
    assert.ok(threats.length >= 9);
    for (const threat of threats) assert.match(threat, /^- \[.*\.(?:test|ui)\.ts\)/m, threat.slice(0, 60));
  });

  it('names tests that exist, in their words', () => {
    assert.ok(cited.length > 20);
    const gone = cited.filter(({ title, path }) => !read(path).includes(title));
    assert.deepEqual(gone, []);
  });
});
