import { test } from 'node:test';
import { askFeatures } from '../testing/askFeatures.ts';
import { COUNTER, documentOf, documentOfBytes } from '../testing/testDocument.ts';

const MUTANTS = 400;

/** Numbers below `bound`, the same ones in every run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test('no feature throws on a malformed module, and none points outside the text', async () => {
  const { bytes } = (await documentOf(COUNTER)).module;
  const random = generator(7);
  for (let i = 0; i < MUTANTS; i++) {
    const mutant = bytes.slice(0, i % 5 === 0 ? random(bytes.length) : bytes.length);
    for (let n = 1 + random(3); n > 0; n--) mutant[8 + random(bytes.length - 8)] = random(256);
    const doc = documentOfBytes(mutant, { bodyBudget: i % 2 === 0 ? 0 : 100_000 });
    askFeatures(doc);
  }
});
