/**
 * Where WASI functions write their results.
 * Source: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */

/**
 * Parameter that points to a result, and the size of the result in bytes; 0 if unknown, `-p` if parameter `p` gives
 * it.
 */
export type OutPointer = readonly [parameter: number, size: number];

const NOTHING: readonly OutPointer[] = [];

/**
 * Result pointers of WASI preview 1 functions by name. Functions that are not listed write through pointers in memory:
 * to anywhere.
 */
export const OUT_POINTERS: Readonly<Record<string, readonly OutPointer[]>> = {
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
