/** Golden texts of tests: `golden/<name>.golden.txt` in `folder`, the one of the test; `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function goldenText(name: string, text: string, folder: string): Promise<void> {
  const path = join(folder, 'golden', `${name}.golden.txt`);
  if (process.env.UPDATE) await writeFile(path, text);
  assert.equal(text, await readFile(path, 'utf8'), `UPDATE=1 writes ${name}.golden.txt anew`);
}
