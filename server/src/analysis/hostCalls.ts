/**
 * What a call of an imported function does to the module's own state as far as it is known: WASI
 * functions write their results through pointers. Other imports are only "a call of the host".
 *
 * Source: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */
import { READ, WRITE } from './effectTable.ts';
import { isWasi } from './hostImports.ts';
import type { ScannerState } from './scannerState.ts';

/** Parameter that points to a result, and the result's size in bytes: 0 not known, `-p` given by parameter `p`. */
type OutPointer = readonly [parameter: number, size: number];

const NOTHING: readonly OutPointer[] = [];

/** WASI preview 1; functions that are not listed write through pointers inside of what they are given: anywhere. */
const OUT_POINTERS: Readonly<Record<string, readonly OutPointer[]>> = {
  args_get: [
    [0, 0],
    [1, 0],
  ],
  args_sizes_get: [
    [0, 4],
    [1, 4],
  ],
  clock_res_get: [[1, 8]],
  clock_time_get: [[2, 8]],
  environ_get: [
    [0, 0],
    [1, 0],
  ],
  environ_sizes_get: [
    [0, 4],
    [1, 4],
  ],
  fd_advise: NOTHING,
  fd_allocate: NOTHING,
  fd_close: NOTHING,
  fd_datasync: NOTHING,
  fd_fdstat_get: [[1, 24]],
  fd_fdstat_set_flags: NOTHING,
  fd_fdstat_set_rights: NOTHING,
  fd_filestat_get: [[1, 64]],
  fd_filestat_set_size: NOTHING,
  fd_filestat_set_times: NOTHING,
  fd_prestat_dir_name: [[1, -2]],
  fd_prestat_get: [[1, 8]],
  fd_pwrite: [[4, 4]],
  fd_readdir: [
    [1, -2],
    [4, 4],
  ],
  fd_renumber: NOTHING,
  fd_seek: [[3, 8]],
  fd_sync: NOTHING,
  fd_tell: [[1, 8]],
  fd_write: [[3, 4]],
  path_create_directory: NOTHING,
  path_filestat_get: [[4, 64]],
  path_filestat_set_times: NOTHING,
  path_link: NOTHING,
  path_open: [[8, 4]],
  path_readlink: [
    [3, -4],
    [5, 4],
  ],
  path_remove_directory: NOTHING,
  path_rename: NOTHING,
  path_symlink: NOTHING,
  path_unlink_file: NOTHING,
  poll_oneoff: [
    [1, 0],
    [3, 4],
  ],
  proc_exit: NOTHING,
  proc_raise: NOTHING,
  random_get: [[0, -1]],
  sched_yield: NOTHING,
  sock_accept: [[2, 4]],
  sock_send: [[4, 4]],
  sock_shutdown: NOTHING,
};

/** Records the call of imported function `callee` whose operands end below `height`. */
export function callHost(s: ScannerState, callee: number, height: number, site: number): void {
  const { out, module } = s;
  out.effect(s.hostCall[callee], site);
  const imported = s.importedFunctions[callee];
  if (!isWasi(imported) || module.memories.length === 0) return;
  const outPointers = OUT_POINTERS[imported.name];
  const memory = (access: number, at: number, width: number) =>
    out.effect(out.table.memory(0, access, at < 0 ? 0 : s.bases[at], at < 0 ? 0 : s.values[at], 0, width), site);
  if (outPointers === undefined) {
    // fd_read and its like fill buffers that a list in memory names.
    memory(READ, -1, 0);
    memory(WRITE, -1, 0);
    return;
  }
  const first = height - s.arity.params[module.functions.typeIndex[callee]];
  for (const [parameter, size] of outPointers) {
    const at = first + parameter;
    const given = first - size;
    const width = size >= 0 ? size : s.bases[given] === 1 ? s.values[given] >>> 0 : 0;
    if (at < height) memory(WRITE, at, width);
  }
  if (imported.name.endsWith('write') || imported.name === 'sock_send') memory(READ, -1, 0);
}
