/** Python, for wasmtime-py. */

import type { LanguageTemplates } from '../template.ts';
import { pyHammer } from './hammer.ts';
import { pyLock } from './lock.ts';
import { pyPool } from './pool.ts';

/** Files `x_pool.py`, `x_lock.py` and `test_x_threads.py`, as imports and `unittest` expect them. */
export const PYTHON_TEMPLATES: LanguageTemplates = {
  pool: { write: pyPool, file: (base) => `${base}_pool.py` },
  mutex: { write: pyLock, file: (base) => `${base}_lock.py` },
  test: { write: pyHammer, file: (base) => `test_${base}_threads.py` },
};
