import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { assertGolden } from '../testing/golden.ts';
import { readWat } from './read.ts';
import { badSpans } from './testing/ordinals.ts';
import { outline } from './testing/outline.ts';

const CASES = new URL('./cases/', import.meta.url);

describe('what the reader sees', () => {
  for (const name of readdirSync(CASES).filter((file) => /\.was?t$/.test(file))) {
    test(name, () => {
      const doc = readWat(readFileSync(new URL(name, CASES), 'utf8'));
      assert.deepEqual(badSpans(doc), []);
      assertGolden(new URL(name.replace(/\.\w+$/, '.golden.txt'), CASES), outline(doc));
    });
  }
});
