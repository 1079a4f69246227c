/** The text form as golden texts in `golden/`; `UPDATE_GOLDEN=1` rewrites them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertGoldenText } from '../../../core/testing/golden.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { runWith } from '../testing/cli.ts';

/** As seen from the fixtures' folder. */
const TEXTS = '../cli/src/check/cases';

/** Paths as a user in the fixtures' folder would give them. */
async function checked(args: string[]): Promise<string> {
  const before = process.cwd();
  process.chdir(FIXTURES);
  try {
    const { out, err } = await runWith(['check', ...args]);
    return out + err.map((line) => `stderr: ${line}\n`).join('');
  } finally {
    process.chdir(before);
  }
}

const CASES: Readonly<Record<string, string[]>> = {
  'counter-global': ['counter-global.wasm'],
  'several-modules': ['pure.wasm', 'bump-allocator.wasm', 'growable-memory.wasm'],
  'auto-host': ['--host', 'auto', 'segment-drop.wasm'],
  'isolated-model': ['--model', 'isolated', 'host-import.wasm'],
  'shared-memory': ['threads-atomics.wasm', 'mixed-atomics.wasm'],
  'limited-and-silenced': ['--limit', '2', '--rule', 'static-memory-write=off', 'disjoint-exports.wasm'],
  source: ['counter-global.wat', 'growable-memory.wat'],
  script: [`${TEXTS}/script.wast`],
  'ignore-comments': [`${TEXTS}/ignores.wat`],
  broken: [
    'broken/truncated.wasm',
    'broken/empty.wasm',
    'broken/component.wasm',
    'broken/not-wasm.wasm',
    'missing.wasm',
  ],
};

for (const [name, args] of Object.entries(CASES)) {
  test(`text of ${name}`, async () => {
    assertGoldenText(import.meta.dirname, name, await checked(args));
  });
}

test('without colours there is no escape sequence, with them there is', async () => {
  const file = join(FIXTURES, 'bump-allocator.wasm');
  const plain = await runWith(['check', file]);
  const coloured = await runWith(['check', file], { colour: true });
  assert.ok(!plain.out.includes('\x1b'));
  assert.ok(coloured.out.includes('\x1b[31m'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what the test is about
  assert.equal(coloured.out.replaceAll(/\x1b\[\d+m/g, '').replaceAll(/ +\n/g, '\n'), plain.out);
});
