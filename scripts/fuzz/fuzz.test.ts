/** A few inputs of each kind, always the same ones: the corpus first. `npm run fuzz` tries many. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../../core/testing/random.ts';
import type { FuzzKindId } from './kind.ts';
import { KINDS } from './kinds.ts';
import { fuzz } from './loop.ts';
import { minimised, sortOf } from './minimise.ts';
import { randomModule } from './modules/generate.ts';

/** Inputs beside the corpus. */
const INPUTS: Readonly<Record<FuzzKindId, number>> = {
  module: 600,
  text: 250,
  debug: 120,
  scenario: 300,
  protocol: 30,
  session: 15,
};

describe('fuzzing', () => {
  for (const [id, most] of Object.entries(INPUTS)) {
    test(id, async () => {
      const kind = KINDS[id as FuzzKindId];
      const found: string[] = [];
      await fuzz(kind, {
        seed: 1,
        isLong: false,
        isOver: (done) => done >= most,
        failed: (input, problem) => found.push(`${problem}\n${Buffer.from(input).toString('base64')}`),
      });
      assert.deepEqual(found, []);
    });
  }
});

describe('what fails gets smaller', () => {
  /** As if our reader did not know an instruction. */
  const missing = (bytes: Uint8Array): string | undefined => {
    const at = bytes.indexOf(0xfe);
    return at < 0 ? undefined : `byte 0xfe at ${at} of "${bytes.length}" bytes`;
  };

  test('a module', async () => {
    const input = randomModule(random(3));
    const problem = missing(input);
    assert.ok(problem);
    const kind = { ...KINDS.module, check: async (bytes: Uint8Array) => missing(bytes) };
    const least = await minimised(kind, input, problem);
    assert.ok(least.input.length < 16, `${least.input.length} of ${input.length} bytes are left`);
    assert.ok(missing(least.input));
  });

  test('only to what fails in the same way', async () => {
    assert.equal(sortOf('body 3: nop and "x"\nand more\n at f'), sortOf('body 17: nop and "yy"\nand more\n at g'));
    assert.notEqual(sortOf('no memory'), sortOf('no table'));
  });
});
