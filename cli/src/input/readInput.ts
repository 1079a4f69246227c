/**
 * Reads a module, binary or text, from a file, a pipe or standard input (`-`). No input can make it hang or
 * exhaust the memory: the first bytes decide whether the rest is read, and the size is limited to that of
 * the JavaScript API of WebAssembly.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { coreModuleAddress, coreModuleBytes } from '../../../core/source/coreModules.ts';
import type { DecodeError } from '../../../core/wasm/module.ts';

/** https://webassembly.github.io/spec/js-api/#limits: the maximum size of a module. */
const MAX_BYTES = 2 ** 30;

/** Limit for texts, which are decoded, compiled and parsed as a whole. */
const MAX_TEXT_BYTES = 2 ** 28;

/** A binary with the header of a module or a component, a text that is not decoded yet, or why the input was refused. */
export type Input = { bytes: Uint8Array } | { source: Uint8Array } | { error: DecodeError };

const failure = (message: string, offset = 0): Input => ({ error: { offset, message } });

/**
 * Reads `file`, or says why that is not possible. Never throws. `component.wasm#2`, where no file has that name, is the second
 * core module of a component.
 */
export async function readInput(file: string, stdin: Readable | undefined): Promise<Input> {
  const input = await readWhole(file, stdin);
  const address = 'error' in input && input.error.message === NO_FILE ? coreModuleAddress(file) : undefined;
  if (address === undefined) return input;
  const whole = await readWhole(address.file, stdin);
  if ('error' in whole) return whole;
  if ('source' in whole) return failure(`${COMPONENT_TEXT}, and name a core module of that`);
  const found = coreModuleBytes(whole.bytes, address.number);
  return typeof found === 'string' ? failure(found) : { bytes: found };
}

const NO_FILE = 'no such file';
/** What is said of a pipe or a device where only files are read. */
export const NOT_REGULAR = 'is not a regular file';

async function readWhole(file: string, stdin: Readable | undefined): Promise<Input> {
  try {
    if (file === '-')
      return stdin === undefined ? failure('standard input cannot be read here') : await collect(stdin, 0, false);
    const info = await stat(file);
    if (info.isDirectory()) return failure('is a directory, not a WebAssembly module');
    if (stdin === undefined && !info.isFile()) return failure(NOT_REGULAR);
    if (info.size > MAX_BYTES) return failure('larger than 1 GiB, the limit for a module');
    return await collect(createReadStream(file, { highWaterMark: 1 << 20 }), info.size, /\.(wat|wast)$/i.test(file));
  } catch (error) {
    return failure(reason(error as NodeJS.ErrnoException));
  }
}

/**
 * The stream's bytes. `expected` is only a hint for the size of the buffer: a file may grow or shrink while it
 * is read. `named`: the file's name says that it is a text, whatever it begins with.
 */
async function collect(stream: Readable, expected: number, named: boolean): Promise<Input> {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  let verdict: Verdict | undefined;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const binary = verdict === 'binary';
    if (length + chunk.length > (binary ? MAX_BYTES : MAX_TEXT_BYTES)) {
      stream.destroy();
      return binary
        ? failure('larger than 1 GiB, the limit for a module', MAX_BYTES)
        : failure('larger than 256 MiB, the limit for compiling text', MAX_TEXT_BYTES);
    }
    if (length + chunk.length > buffer.length) {
      const larger = new Uint8Array(Math.min(MAX_BYTES, Math.max(expected, buffer.length * 2, length + chunk.length)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(chunk, length);
    length += chunk.length;
    if (verdict === undefined && length >= 8) {
      verdict = judge(buffer.subarray(0, Math.min(length, HEAD)), length < HEAD, named);
      if (typeof verdict === 'object') {
        stream.destroy();
        return { error: verdict };
      }
    }
  }
  const bytes = buffer.subarray(0, length);
  verdict ??= judge(bytes.subarray(0, HEAD), false, named);
  if (typeof verdict === 'object') return { error: verdict };
  return verdict === 'text' ? { source: bytes } : { bytes };
}

/** What the first bytes show: a core module, a text, or why not to read on. */
type Verdict = 'binary' | 'text' | DecodeError;

/** Number of bytes that decide: a text may begin with blank lines. */
const HEAD = 4096;
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Undefined if it is too early to tell, which happens only while there is `more`. */
function judge(head: Uint8Array, more: boolean, named: boolean): Verdict | undefined {
  const error = refuse(head);
  if (error === undefined) return 'binary';
  if (head.length === 0 || MAGIC.every((byte, at) => at >= head.length || head[at] === byte)) return error;
  // The decoder removes a byte order mark.
  const text = new TextDecoder().decode(head).trimStart();
  if (text === '' && more) return undefined;
  // A text begins with a parenthesis or a comment; a broken one may not, so the file's name counts as well.
  return named || /^(?:\(|;;)/.test(text) ? 'text' : error;
}

/** Error message for a component in text form. */
export const COMPONENT_TEXT = 'a component in text form: compile it, and check the core modules of the binary';

/** Why the first bytes are those of neither a core module nor a component; undefined if they are. */
function refuse(head: Uint8Array): DecodeError | undefined {
  const error = (message: string, offset = 0): DecodeError => ({ offset, message });
  if (head.length === 0) return error('the file is empty');
  if (MAGIC.some((byte, at) => at < head.length && head[at] !== byte))
    return error('not a WebAssembly module: it neither begins with \\0asm nor looks like text');
  if (head.length < 8) return error(`the file ends inside the header, after ${head.length} of 8 bytes`, head.length);
  const version = head[4] | (head[5] << 8);
  const layer = head[6] | (head[7] << 8);
  if (layer === 1) return undefined;
  if (version !== 1 || layer !== 0)
    return error(`version ${version}, layer ${layer} of the binary format is not supported`, 4);
  return undefined;
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return NO_FILE;
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ERR_INVALID_ARG_VALUE':
      return 'is not a file name';
    default:
      // Node writes `EIO: i/o error, read`, with the code first, which people search for.
      return error.message;
  }
}
