import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { decodeModule } from '../wasm/decode.ts';
import { MNEMONIC } from '../wasm/instructions.ts';
import { readWat } from './read.ts';
import { badSpans, differences } from './testing/ordinals.ts';
import { inModule, order, render, tree } from './testing/trees.ts';

/** Random numbers from a seed (mulberry32): `pick(n)` is one of `0..n-1`. */
function picker(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

test('any mixture of flat and folded instructions has the ordinals of the binary', async () => {
  const bodies = fc.array(fc.array(tree, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.integer(), async (functions, seed) => {
      const pick = picker(seed);
      const text = inModule(functions.map((body) => render(body, pick)));
      const doc = readWat(text);
      assert.deepEqual(doc.errors, []);
      assert.deepEqual(badSpans(doc), []);
      const { op, nameStart, nameEnd } = doc.instructions;
      doc.modules[0].funcs.forEach(({ first, length }, k) => {
        const slice = Array.from({ length }, (_, n) => first + n);
        assert.deepEqual(
          slice.map((n) => MNEMONIC[op[n]]),
          [...order(functions[k]), 'end'],
        );
        for (const n of slice) {
          const written = text.slice(nameStart[n], nameEnd[n]);
          assert.ok(written === MNEMONIC[op[n]] || (written === ')' && MNEMONIC[op[n]] === 'end'));
        }
      });
      assert.deepEqual(differences(doc, doc.modules[0], decodeModule(await parse(text))), []);
    }),
    { numRuns: 500, seed: 3 },
  );
});
