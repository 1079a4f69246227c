/**
 * Reads a binary into shared memory. Chunks keep the event loop free (a hover never waits for a
 * disk or a digest), and a file that changes under the reader is read again rather than mixed.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Binary, fileName, MAX_BINARY_BYTES, ReadFailure, tooLargeFile } from '../core/source/binary.ts';
import { coreModuleAddress, coreModuleBytes } from '../core/source/coreModules.ts';
import { t } from '../core/text/l10n.ts';
import { withNamesOnDisk } from './namesBeside.ts';

const CHUNK = 1 << 20;
const ATTEMPTS = 4;
/** A linker that is still writing gets this long between two attempts. */
const PAUSE_MS = 150;

/**
 * Reads the file at `uri` (scheme `file`), with the names that files beside it know; `x.wasm%232` is the second core module
 * of a component. Throws `ReadFailure`.
 */
export async function readBinary(uri: string): Promise<Binary> {
  const address = coreModuleAddress(fileURLToPath(uri));
  if (address !== undefined && !existsSync(fileURLToPath(uri)))
    return coreModuleOf(await readFileOf(pathToFileURL(address.file).href), address.number, fileName(uri));
  const binary = await readFileOf(uri);
  const named = await withNamesOnDisk(fileURLToPath(uri), binary.bytes);
  return named === binary.bytes ? binary : shareBytes(named, binary.mtime, fileName(uri));
}

/** A core module of a component. @throws ReadFailure where there is none */
function coreModuleOf({ bytes, mtime }: Binary, number: number, name: string): Binary {
  const found = coreModuleBytes(bytes, number);
  if (typeof found === 'string') throw new ReadFailure('missing', `${name} ${found}.`);
  return shareBytes(found, mtime, name);
}

async function readFileOf(uri: string): Promise<Binary> {
  const name = fileName(uri);
  let handle: FileHandle;
  try {
    handle = await open(fileURLToPath(uri));
  } catch (error) {
    throw asReadFailure(error, name);
  }
  try {
    for (let attempt = 1; ; attempt++) {
      const binary = await readOnce(handle, name);
      if (binary) return binary;
      if (attempt === ATTEMPTS) {
        throw new ReadFailure(
          'changing',
          t(
            '{0} changed while it was being read, {1} times in a row. It is read again at its next change.',
            name,
            ATTEMPTS,
          ),
        );
      }
      await delay(PAUSE_MS);
    }
  } catch (error) {
    throw asReadFailure(error, name);
  } finally {
    await handle.close();
  }
}

/** One attempt; undefined when the file changed meanwhile. */
async function readOnce(handle: FileHandle, name: string): Promise<Binary | undefined> {
  const before = await handle.stat();
  if (before.isDirectory())
    throw new ReadFailure('directory', t('{0} is a directory, not a WebAssembly binary.', name));
  if (before.size > MAX_BINARY_BYTES) throw tooLargeFile(name, before.size);
  const bytes = new Uint8Array(new SharedArrayBuffer(before.size));
  const digest = createHash('sha256');
  for (let at = 0; at < before.size; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, before.size - at), at);
    if (bytesRead === 0) return undefined;
    digest.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  const after = await handle.stat();
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) return undefined;
  return { bytes, hash: digest.digest('hex'), mtime: before.mtimeMs };
}

/** Takes over bytes that somebody else read. Throws `ReadFailure`. */
export function shareBytes(source: Uint8Array, mtime: number, name: string): Binary {
  if (source.length > MAX_BINARY_BYTES) throw tooLargeFile(name, source.length);
  const bytes = new Uint8Array(new SharedArrayBuffer(source.length));
  bytes.set(source);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex'), mtime };
}

function asReadFailure(error: unknown, name: string): ReadFailure {
  if (error instanceof ReadFailure) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ReadFailure('missing', t('{0} does not exist.', name));
  if (code === 'EISDIR') return new ReadFailure('directory', t('{0} is a directory, not a WebAssembly binary.', name));
  return new ReadFailure('denied', t('{0} cannot be read: {1}.', name, (error as Error).message));
}
