/**
 * Functions of the JavaScript glue of Emscripten and of AssemblyScript that do no more than what is said here. A name has
 * several descriptions where versions differ.
 * Source: src/lib/libcore.js, libtime.js, libsyscall.js, libexceptions.js and libsigs.js of Emscripten;
 * https://www.assemblyscript.org/concepts.html#special-imports
 */
import { counted, described, type HostDescription, type HostPointer, reads, writes } from './description.ts';

const AT_ONCE = { atOnce: true };
/** Ends the call, or answers without state that calls share. */
const quiet = (params: string, ...pointers: HostPointer[]) => described(params, 'none', pointers, AT_ONCE);
/** Works on files, the console or other state of the glue. */
const stateful = (params: string, ...pointers: HostPointer[]) => described(params, 'changes', pointers, AT_ONCE);
/** A text of C, and one of AssemblyScript. */
const text = (parameter: number) => reads(parameter, 'terminated');
const managed = (parameter: number) => reads(parameter, 'managed');

const copy = quiet('iii', reads(1, counted(2)), writes(0, counted(2)));
/** A `struct tm`. */
const TIME_PARTS = 44;
const parts = (parameter: number) => writes(parameter, TIME_PARTS);
/** Time zone, daylight saving, and the names of both: at most `TZNAME_MAX` characters and a zero byte. */
const ZONE_NAME = 17;
/** Arguments of a function in C with variable ones: a list at the pointer. */
const rest = (parameter: number) => reads(parameter, 'unknown');
const exitsLoudly = quiet('iiii', text(0), text(1), text(3));

/** Functions of the import module `env` by name. */
export const ENV_FUNCTIONS: Readonly<Record<string, readonly HostDescription[]>> = {
  // The last one is AssemblyScript's: message and file, line and column.
  abort: [quiet(''), quiet('iiii', managed(0), managed(1))],
  _abort_js: [quiet('')],
  __assert_fail: [exitsLoudly],
  _emscripten_throw_longjmp: [quiet('')],
  emscripten_longjmp: [quiet('ii')],
  seed: [quiet('')],
  trace: [stateful('iiFFFFF', managed(0))],
  'Date.now': [quiet('')],
  'performance.now': [quiet('')],

  clock: [quiet('')],
  emscripten_get_now: [quiet('')],
  emscripten_get_now_res: [quiet('')],
  emscripten_date_now: [quiet('')],
  emscripten_performance_now: [quiet('')],
  _emscripten_get_now_is_monotonic: [quiet('')],
  emscripten_get_heap_max: [quiet('')],
  emscripten_num_logical_cores: [quiet('')],
  emscripten_random: [quiet('')],
  // Only views of the glue depend on the buffer.
  emscripten_notify_memory_growth: [quiet('i')],
  _emscripten_get_progname: [quiet('ii', writes(0, counted(1)))],
  emscripten_memcpy_js: [copy],
  _emscripten_memcpy_js: [copy],
  emscripten_memcpy_big: [copy],
  emscripten_resize_heap: [described('i', 'none', [], { atOnce: true, grows: true })],

  _gmtime_js: [quiet('Ii', parts(1)), quiet('ii', reads(0, 'unknown'), parts(1))],
  _localtime_js: [quiet('Ii', parts(1)), quiet('ii', reads(0, 'unknown'), parts(1))],
  _mktime_js: [quiet('i', reads(0, TIME_PARTS), parts(0))],
  _timegm_js: [quiet('i', reads(0, TIME_PARTS), parts(0))],
  _tzset_js: [quiet('iiii', writes(0, 4), writes(1, 4), writes(2, ZONE_NAME), writes(3, ZONE_NAME))],

  emscripten_console_log: [stateful('i', text(0))],
  emscripten_console_warn: [stateful('i', text(0))],
  emscripten_console_error: [stateful('i', text(0))],
  emscripten_out: [stateful('i', text(0))],
  emscripten_err: [stateful('i', text(0))],
  emscripten_dbg: [stateful('i', text(0))],
  _emscripten_out: [stateful('i', text(0))],
  _emscripten_err: [stateful('i', text(0))],
  'console.log': [stateful('i', managed(0))],
  getTempRet0: [stateful('')],
  setTempRet0: [stateful('i')],
  // The header of an exception lies before the pointer, in the same block.
  __cxa_throw: [stateful('iii', writes(0, 'unknown'))],

  __syscall_chdir: [stateful('i', text(0))],
  __syscall_chmod: [stateful('ii', text(0))],
  __syscall_dup: [stateful('i')],
  __syscall_dup3: [stateful('iii')],
  __syscall_faccessat: [stateful('iiii', text(1))],
  __syscall_fadvise64: [quiet('iIIi')],
  __syscall_fchdir: [stateful('i')],
  __syscall_fchmod: [stateful('ii')],
  __syscall_fchown32: [stateful('iii')],
  __syscall_fchownat: [stateful('iiiii', text(1))],
  __syscall_fdatasync: [stateful('i')],
  __syscall_fstat64: [stateful('ii', writes(1, 'unknown'))],
  __syscall_ftruncate64: [stateful('iI')],
  __syscall_getcwd: [stateful('ii', writes(0, counted(1)))],
  __syscall_getdents64: [stateful('iii', writes(1, counted(2)))],
  __syscall_lstat64: [stateful('ii', text(0), writes(1, 'unknown'))],
  __syscall_mkdirat: [stateful('iii', text(1))],
  __syscall_mknodat: [stateful('iiii', text(1))],
  __syscall_newfstatat: [stateful('iiii', text(1), writes(2, 'unknown'))],
  __syscall_openat: [stateful('iiii', text(1), rest(3))],
  // It writes a zero byte behind the text and takes it back.
  __syscall_readlinkat: [stateful('iiii', text(1), reads(2, 'unknown'), writes(2, 'unknown'))],
  __syscall_renameat: [stateful('iiii', text(1), text(3))],
  __syscall_rmdir: [stateful('i', text(0))],
  __syscall_stat64: [stateful('ii', text(0), writes(1, 'unknown'))],
  __syscall_symlinkat: [stateful('iii', text(0), text(2))],
  __syscall_truncate64: [stateful('iI', text(0))],
  __syscall_unlinkat: [stateful('iii', text(1))],
  __syscall_utimensat: [stateful('iiii', text(1), reads(2, 'unknown'))],
};
