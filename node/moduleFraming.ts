/** Tells from a few bytes of a file whether a module can be in it: a list of hundreds of files has no time to read them. */
import { type FileHandle, open } from 'node:fs/promises';
import { Cursor, DecodeFailure } from '../core/wasm/cursor.ts';

/** Magic number and version 1; components have another version. */
const BEGIN = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** Id and size of a section. */
const SECTION_BEGIN = 6;
/** More sections than any compiler writes: the file is not read on. */
const MAX_SECTIONS = 1_000;

/**
 * Whether a file begins like a module and its sections fill it to its end. Their contents are not looked at. False, too,
 * for a file that cannot be read.
 */
export async function isFramedAsModule(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch {
    return false;
  }
  try {
    return await isFramed(file, (await file.stat()).size);
  } catch (error) {
    // Reading a folder, or a file that somebody else is truncating.
    if (error instanceof DecodeFailure || (error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  } finally {
    await file.close();
  }
}

async function isFramed(file: FileHandle, size: number): Promise<boolean> {
  const begin = await bytesAt(file, 0, BEGIN.length);
  if (!BEGIN.every((byte, i) => begin[i] === byte)) return false;
  let at = BEGIN.length;
  for (let i = 0; at < size && i < MAX_SECTIONS; i++) {
    const bytes = await bytesAt(file, at, SECTION_BEGIN);
    const cursor = new Cursor(bytes, 1, bytes.length);
    const length = cursor.u32();
    at += cursor.pos + length;
  }
  return at <= size;
}

/** Fewer bytes at the end of the file. */
async function bytesAt(file: FileHandle, at: number, count: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, at);
  return buffer.subarray(0, bytesRead);
}
