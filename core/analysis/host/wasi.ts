/**
 * WASI preview 1, all of it, and its first version, `wasi_unstable`, where that differs.
 * Source: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/witx/wasi_snapshot_preview1.witx and
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview0/witx/wasi_unstable.witx, lowered as
 * https://github.com/WebAssembly/WASI/blob/main/legacy/tools/witx-docs.md says: results other than the error code are
 * written through pointers behind the parameters, text is a pointer and a length.
 */
import { buffers, counted, described, type HostDescription, reads, writes } from './description.ts';

/** Modules that WASI functions are imported from. */
export type WasiVersion = 'wasi_snapshot_preview1' | 'wasi_unstable';

/** Bytes of records that differ between versions. */
export const WASI_RECORDS: Readonly<Record<WasiVersion, { subscription: number; filestat: number }>> = {
  wasi_snapshot_preview1: { subscription: 48, filestat: 64 },
  // The number of links has 32 bits there, and a clock has an identifier of the user.
  wasi_unstable: { subscription: 56, filestat: 56 },
};
/** Bytes of an event of `poll_oneoff`, in both versions. */
const EVENT = 32;

const AT_ONCE = { atOnce: true };
/** A path or another text: pointer and length. */
const text = (parameter: number) => reads(parameter, counted(parameter + 1));
/** A list of texts: pointers, and the texts one behind the other. Only the host knows how long they are. */
const texts = [writes(0, 'unknown'), writes(1, 'unknown')];

/** Everything that works on descriptors changes what calls share: their table, offsets, files. */
const files = (params: string, ...pointers: Parameters<typeof described>[2] & {}) =>
  described(params, 'changes', pointers);

function functionsOf({ subscription, filestat }: { subscription: number; filestat: number }) {
  return {
    args_get: described('ii', 'none', texts, AT_ONCE),
    args_sizes_get: described('ii', 'none', [writes(0, 4), writes(1, 4)], AT_ONCE),
    clock_res_get: described('ii', 'none', [writes(1, 8)], AT_ONCE),
    clock_time_get: described('iIi', 'none', [writes(2, 8)], AT_ONCE),
    environ_get: described('ii', 'none', texts, AT_ONCE),
    environ_sizes_get: described('ii', 'none', [writes(0, 4), writes(1, 4)], AT_ONCE),
    fd_advise: files('iIIi'),
    fd_allocate: files('iII'),
    fd_close: files('i'),
    fd_datasync: files('i'),
    fd_fdstat_get: files('ii', writes(1, 24)),
    fd_fdstat_set_flags: files('ii'),
    fd_fdstat_set_rights: files('iII'),
    fd_filestat_get: files('ii', writes(1, filestat)),
    fd_filestat_set_size: files('iI'),
    fd_filestat_set_times: files('iIIi'),
    fd_pread: files('iiiIi', buffers('writes', 1, 2), writes(4, 4)),
    fd_prestat_dir_name: files('iii', writes(1, counted(2))),
    fd_prestat_get: files('ii', writes(1, 8)),
    fd_pwrite: files('iiiIi', buffers('reads', 1, 2), writes(4, 4)),
    fd_read: files('iiii', buffers('writes', 1, 2), writes(3, 4)),
    fd_readdir: files('iiiIi', writes(1, counted(2)), writes(4, 4)),
    fd_renumber: files('ii'),
    fd_seek: files('iIii', writes(3, 8)),
    fd_sync: files('i'),
    fd_tell: files('ii', writes(1, 8)),
    fd_write: files('iiii', buffers('reads', 1, 2), writes(3, 4)),
    path_create_directory: files('iii', text(1)),
    path_filestat_get: files('iiiii', text(2), writes(4, filestat)),
    path_filestat_set_times: files('iiiiIIi', text(2)),
    path_link: files('iiiiiii', text(2), text(5)),
    path_open: files('iiiiiIIii', text(2), writes(8, 4)),
    path_readlink: files('iiiiii', text(1), writes(3, counted(4)), writes(5, 4)),
    path_remove_directory: files('iii', text(1)),
    path_rename: files('iiiiii', text(1), text(4)),
    path_symlink: files('iiiii', text(0), text(3)),
    path_unlink_file: files('iii', text(1)),
    // It asks whether descriptors are ready, and takes nothing from them.
    poll_oneoff: described('iiii', 'reads', [
      reads(0, counted(2, subscription)),
      writes(1, counted(2, EVENT)),
      writes(3, 4),
    ]),
    // Hosts close descriptors then.
    proc_exit: described('i', 'reads', [], AT_ONCE),
    proc_raise: described('i', 'changes'),
    random_get: described('ii', 'guarded', [writes(0, counted(1))], AT_ONCE),
    sched_yield: described('', 'none'),
    sock_recv: files('iiiiii', buffers('writes', 1, 2), writes(4, 4), writes(5, 2)),
    sock_send: files('iiiii', buffers('reads', 1, 2), writes(4, 4)),
    sock_shutdown: files('ii'),
  } satisfies Record<string, HostDescription>;
}

/** Functions by the module that they are imported from. */
export const WASI_FUNCTIONS: Readonly<Record<WasiVersion, Readonly<Record<string, HostDescription>>>> = {
  wasi_snapshot_preview1: {
    ...functionsOf(WASI_RECORDS.wasi_snapshot_preview1),
    sock_accept: files('iii', writes(2, 4)),
  },
  wasi_unstable: functionsOf(WASI_RECORDS.wasi_unstable),
};
