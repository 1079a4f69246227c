/** Binaries in a browser. */
import { type Binary, MAX_BINARY_BYTES, tooLargeFile } from '../core/source/binary.ts';

/** Identifies bytes that nobody writes any more. @throws ReadFailure when they are too many */
export async function takeBytes(bytes: Uint8Array, mtime: number, name: string): Promise<Binary> {
  if (bytes.length > MAX_BINARY_BYTES) throw tooLargeFile(name, bytes.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return { bytes, hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''), mtime };
}
