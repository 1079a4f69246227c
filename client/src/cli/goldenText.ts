/** Golden texts of tests of the command line: `golden/<name>.golden.txt`; `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function goldenText(name: string, text: string): Promise<void> {
  const path = join(import.meta.dirname, 'golden', `${name}.golden.txt`);
  if (process.env.UPDATE) await writeFile(path, text);
  assert.equal(text, await readFile(path, 'utf8'), `UPDATE=1 writes ${name}.golden.txt anew`);
}
