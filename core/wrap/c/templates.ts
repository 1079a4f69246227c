/** C, for the C APIs of Wasmtime and of WAMR. */
import type { LanguageTemplates } from '../template.ts';
import { cHammer } from './hammer.ts';
import { cMutex } from './mutex.ts';
import { cPool } from './pool.ts';

/** Headers `x_pool.h` and `x_lock.h` that hold their implementation, and a program `x_hammer.c`. */
export const C_TEMPLATES: LanguageTemplates = {
  pool: { write: cPool, file: (base) => `${base}_pool.h` },
  mutex: { write: cMutex, file: (base) => `${base}_lock.h` },
  test: { write: cHammer, file: (base) => `${base}_hammer.c` },
};
