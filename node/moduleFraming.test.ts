import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isFramedAsModule } from './moduleFraming.ts';

const FIXTURES = join(import.meta.dirname, '../test-fixtures');

describe('the framing of a module', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framing-'));
  });
  after(() => rm(folder, { recursive: true }));

  const isFramed = async (bytes: Uint8Array): Promise<boolean> => {
    const file = join(folder, 'module.wasm');
    await writeFile(file, bytes);
    return isFramedAsModule(file);
  };

  it('fits all modules of the fixtures and none of the broken files', async () => {
    const binaries = async (of: string): Promise<string[]> =>
      (await readdir(of)).filter((name) => name.endsWith('.wasm')).map((name) => join(of, name));
    const whole = await binaries(FIXTURES);
    assert.ok(whole.length > 20);
    for (const path of whole) assert.equal(await isFramedAsModule(path), true, path);
    const broken = await binaries(join(FIXTURES, 'broken'));
    assert.equal(broken.length, 4);
    for (const path of broken) assert.equal(await isFramedAsModule(path), false, path);
  });

  it('fits an empty module, and a file that ends at the end of a section only', async () => {
    const bytes = await readFile(join(FIXTURES, 'counter-global.wasm'));
    const starts: number[] = [];
    for (let at = 8; at < bytes.length; at += 2 + bytes[at + 1]) starts.push(at);
    for (let size = 0; size < bytes.length; size++)
      assert.equal(await isFramed(bytes.subarray(0, size)), starts.includes(size), `${size} bytes`);
    assert.equal(await isFramed(bytes), true);
  });

  it('does not fit sizes that are no numbers, folders, and files that are not there', async () => {
    const begin = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    assert.equal(await isFramed(new Uint8Array([...begin, 0, 0xff, 0xff, 0xff, 0xff, 0xff])), false);
    assert.equal(await isFramed(new Uint8Array([...begin, 0, 0xff, 0xff, 0xff, 0xff, 0x0f])), false);
    assert.equal(await isFramedAsModule(folder), false);
    assert.equal(await isFramedAsModule(join(folder, 'missing.wasm')), false);
  });
});
