/** Golden files: the expected text of a test, kept in a file next to the test. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command that rewrites the golden files of the test that is running. */
const updateCommand = (): string => `UPDATE_GOLDEN=1 npm run test:unit -- ${relative(process.cwd(), process.argv[1])}`;

/**
 * Asserts that `actual` is the text of the golden file `file`. With `UPDATE_GOLDEN=1` in the environment
 * it writes the file instead; the failure message names the command.
 */
export function assertGolden(file: string | URL, actual: string): void {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const name = relative(process.cwd(), path);
  const state = expected === undefined ? 'does not exist' : 'differs';
  assert.equal(actual, expected, `${name} ${state}; if the new text is right: ${updateCommand()}`);
}

/** {@link assertGolden} for the file `golden/<name>.golden.txt` in `folder`, the folder of the test. */
export function assertGoldenText(folder: string, name: string, actual: string): void {
  assertGolden(`${folder}/golden/${name}.golden.txt`, actual);
}
