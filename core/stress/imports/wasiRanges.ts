/**
 * Memory that WASI functions read and write, as known before the call: pointers are arguments or in lists in memory.
 * Covers at least everything that a call writes, since that is undone after every execution.
 * Source: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */
import { OUT_POINTERS } from '../../analysis/wasiResults.ts';
import type { HostMemory, HostRange } from './hostFunction.ts';

/** Most buffers of a list, and most subscriptions, that a call may have: the IOV_MAX of common systems. */
export const MAX_VECTORS = 1024;

/** Bytes of a buffer, or of a path: `[parameter of the pointer, parameter of the length]`. */
const PATHS: Readonly<Record<string, readonly (readonly [at: number, length: number])[]>> = {
  path_create_directory: [[1, 2]],
  path_filestat_get: [[2, 3]],
  path_filestat_set_times: [[2, 3]],
  path_link: [
    [2, 3],
    [5, 6],
  ],
  path_open: [[2, 3]],
  path_readlink: [[1, 2]],
  path_remove_directory: [[1, 2]],
  path_rename: [
    [1, 2],
    [4, 5],
  ],
  path_symlink: [
    [0, 1],
    [3, 4],
  ],
  path_unlink_file: [[1, 2]],
};

/** Functions with a list of buffers at argument 1, its length at 2: what they do with the buffers. */
const VECTORS: Readonly<Record<string, 'read' | 'write'>> = {
  fd_write: 'read',
  fd_pwrite: 'read',
  sock_send: 'read',
  fd_read: 'write',
  fd_pread: 'write',
  sock_recv: 'write',
};

/**
 * Result pointers that `OUT_POINTERS` lacks, since it lists only functions whose writes are all known without reading
 * memory.
 */
const COUNTS: Readonly<Record<string, readonly number[]>> = { fd_read: [3], fd_pread: [4], sock_recv: [4, 5] };

/** Bytes of lists of texts: `args_get` and `environ_get` write pointers and texts. */
export interface TextBytes {
  pointers: number;
  texts: number;
}

/** Sizes that depend on the scenario and on the version of WASI. */
export interface RangeOptions {
  texts: { args_get: TextBytes; environ_get: TextBytes };
  /** Bytes of a subscription of `poll_oneoff`. */
  subscription: number;
}

/** `args` are the numbers of the call, unsigned. */
export function wasiRanges(
  name: string,
  args: readonly number[],
  memory: HostMemory,
  { texts, subscription }: RangeOptions,
): HostRange[] {
  const ranges: HostRange[] = [];
  const read = (start: number, size: number) => ranges.push({ access: 'read', start, size });
  const write = (start: number, size: number) => ranges.push({ access: 'write', start, size });
  if (name === 'args_get' || name === 'environ_get') {
    write(args[0], texts[name].pointers);
    write(args[1], texts[name].texts);
    return ranges;
  }
  if (name === 'poll_oneoff') {
    if (args[2] > MAX_VECTORS) return ranges;
    read(args[0], args[2] * subscription);
    write(args[1], args[2] * 32);
    write(args[3], 4);
    return ranges;
  }
  const vectors = VECTORS[name];
  if (vectors !== undefined && args[2] <= MAX_VECTORS) {
    read(args[1], args[2] * 8);
    const view = new DataView(memory.buffer() as ArrayBuffer);
    for (let at = args[1]; at < args[1] + args[2] * 8 && at + 8 <= view.byteLength; at += 8)
      ranges.push({ access: vectors, start: view.getUint32(at, true), size: view.getUint32(at + 4, true) });
  }
  for (const parameter of COUNTS[name] ?? []) write(args[parameter], 4);
  for (const [at, length] of PATHS[name] ?? []) read(args[at], args[length]);
  for (const [parameter, size] of OUT_POINTERS[name] ?? []) write(args[parameter], size < 0 ? args[-size] : size);
  return ranges;
}
