import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ReadFailure } from '../core/source/binary.ts';
import { readBinary, shareBytes } from './readBinary.ts';

describe('readBinary', () => {
  let folder: string;
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-read-'));
  });
  after(() => rm(folder, { recursive: true }));

  const failure = (problem: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ReadFailure);
    assert.equal(error.problem, problem);
    assert.match(error.message, message);
    return true;
  };

  it('reads into shared memory and names the contents', async () => {
    const contents = Buffer.alloc(3_000_000, 'wasm');
    await writeFile(join(folder, 'a b.wasm'), contents);
    await writeFile(join(folder, 'copy.wasm'), contents);
    const binary = await readBinary(uri('a b.wasm'));
    assert.ok(binary.bytes.buffer instanceof SharedArrayBuffer);
    assert.ok(contents.equals(binary.bytes));
    assert.equal(binary.hash, (await readBinary(uri('copy.wasm'))).hash);
    assert.equal(binary.hash, shareBytes(contents, 0, 'x').hash);
  });

  it('reads an empty file', async () => {
    await writeFile(join(folder, 'empty.wasm'), '');
    assert.equal((await readBinary(uri('empty.wasm'))).bytes.length, 0);
  });

  it('says what is wrong in one sentence', async () => {
    await assert.rejects(readBinary(uri('none.wasm')), failure('missing', /^none\.wasm does not exist/));
    await assert.rejects(readBinary(uri('.')), failure('directory', /is a directory/));
  });

  it('gives up on a file that never stops changing, and reads it once it does', async () => {
    const path = join(folder, 'growing.wasm');
    await writeFile(path, Buffer.alloc(4_000_000));
    let writing = true;
    const writer = (async () => {
      while (writing) await appendFile(path, 'x');
    })();
    await assert.rejects(readBinary(uri('growing.wasm')), failure('changing', /changed while it was being read/));
    writing = false;
    await writer;
    assert.ok((await readBinary(uri('growing.wasm'))).bytes.length > 4_000_000);
  });
});
