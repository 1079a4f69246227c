/**
 * Reads a module for the command line: from a file, a pipe or standard input (`-`). Nothing that
 * is named there can hang it or fill the memory: the first bytes decide whether the rest is read,
 * and there is an upper limit, that of the JavaScript API of WebAssembly.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { DecodeError } from '../../../server/src/wasm/module.ts';

/** https://webassembly.github.io/spec/js-api/#limits: the maximum size of a module. */
const MAX_BYTES = 2 ** 30;

export type Input = { bytes: Uint8Array } | { error: DecodeError };

const failure = (message: string, offset = 0): Input => ({ error: { offset, message } });

/** Bytes of `file`, or why there are none. Never throws. */
export async function readInput(file: string, stdin: Readable): Promise<Input> {
  try {
    if (file === '-') return await collect(stdin, 0);
    const info = await stat(file);
    if (info.isDirectory()) return failure('is a directory, not a WebAssembly module');
    if (info.size > MAX_BYTES) return failure('larger than 1 GiB, the most a module may have');
    return await collect(createReadStream(file, { highWaterMark: 1 << 20 }), info.size);
  } catch (error) {
    return failure(reason(error as NodeJS.ErrnoException));
  }
}

/** The stream's bytes; `expected` sizes the buffer, no more: a file may grow or shrink while it is read. */
async function collect(stream: Readable, expected: number): Promise<Input> {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  let judged = false;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (length + chunk.length > MAX_BYTES) {
      stream.destroy();
      return failure('larger than 1 GiB, the most a module may have', MAX_BYTES);
    }
    if (length + chunk.length > buffer.length) {
      const larger = new Uint8Array(Math.min(MAX_BYTES, Math.max(expected, buffer.length * 2, length + chunk.length)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(chunk, length);
    length += chunk.length;
    if (!judged && length >= 8) {
      judged = true;
      const error = refuse(buffer.subarray(0, length));
      if (error !== undefined) {
        stream.destroy();
        return { error };
      }
    }
  }
  const bytes = buffer.subarray(0, length);
  const error = judged ? undefined : refuse(bytes);
  return error === undefined ? { bytes } : { error };
}

/** What the first bytes say against reading on; undefined for a core module. */
export function refuse(head: Uint8Array): DecodeError | undefined {
  const error = (message: string, offset = 0): DecodeError => ({ offset, message });
  if (head.length === 0) return error('the file is empty');
  const magic = [0x00, 0x61, 0x73, 0x6d];
  const wrong = magic.findIndex((byte, at) => head[at] !== byte);
  if (wrong >= 0 && wrong < head.length) {
    return error(
      looksLikeText(head)
        ? 'WebAssembly text is not supported yet: compile it first (wat2wasm, wasm-tools parse)'
        : 'not a WebAssembly module: it does not begin with \\0asm',
    );
  }
  if (head.length < 8) return error(`the file ends inside the header, after ${head.length} of 8 bytes`, head.length);
  const version = head[4] | (head[5] << 8);
  const layer = head[6] | (head[7] << 8);
  if (layer === 1) return error('a component, not a core module: analyse the core modules inside it', 6);
  if (version !== 1 || layer !== 0)
    return error(`version ${version}, layer ${layer} of the binary format is unknown`, 4);
  return undefined;
}

/** Text begins with a parenthesis or a comment; a file that does not is not WebAssembly of either kind. */
function looksLikeText(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 4096)).replace(/^\uFEFF/, '');
  return /^\s*(\(\s*module\b|\(;|;;|\(component\b)/.test(text);
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ERR_INVALID_ARG_VALUE':
      return 'is not a file name';
    default:
      // Node writes `EIO: i/o error, read`: the code leads, which is what one searches for.
      return error.message;
  }
}
