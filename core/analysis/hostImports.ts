/**
 * What is known of imported functions by name. WASI functions that only tell something (arguments,
 * environment, clocks) touch no state that callers could race on; measured on wazero, and nothing in
 * WASI grows a guest's memory.
 */
import type { Import } from '../wasm/module.ts';
import { READ, WRITE } from './effectTable.ts';

const WASI_MODULES = new Set(['wasi_snapshot_preview1', 'wasi_unstable']);
/** Functions of WASI that only tell something, or do nothing to what callers share. */
export const WASI_READ_ONLY: ReadonlySet<string> = new Set([
  'args_get',
  'args_sizes_get',
  'environ_get',
  'environ_sizes_get',
  'clock_res_get',
  'clock_time_get',
  'proc_exit',
  'sched_yield',
]);

export const isWasi = (imported: Import): boolean => WASI_MODULES.has(imported.module);

/** Access that a call of an imported function makes of that function's host state. */
export const hostAccess = (imported: Import): number =>
  isWasi(imported) && WASI_READ_ONLY.has(imported.name) ? READ : WRITE;

/** Whether the host may grow a memory of the module when this import is called. */
export const mayGrowMemory = (imported: Import): boolean => !isWasi(imported);
