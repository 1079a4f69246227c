/**
 * What is known about imported functions by name. WASI functions that only return information (arguments, environment,
 * clocks) touch no state that callers could race on, as measured on wazero. No WASI function grows a guest's memory.
 */
import type { Import } from '../wasm/module.ts';
import { READ, WRITE } from './effectTable.ts';

const WASI_MODULES = new Set(['wasi_snapshot_preview1', 'wasi_unstable']);
/** WASI functions that only return information, or do nothing to what callers share. */
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

/** Whether an import comes from a module of WASI. */
export const isWasi = (imported: Import): boolean => WASI_MODULES.has(imported.module);

/** Number of the access kind of a call to the import's host state: `READ` or `WRITE` of effectTable.ts. */
export const hostAccess = (imported: Import): number =>
  isWasi(imported) && WASI_READ_ONLY.has(imported.name) ? READ : WRITE;

/** Whether the host may grow a memory of the module when this import is called. */
export const mayGrowMemory = (imported: Import): boolean => !isWasi(imported);
