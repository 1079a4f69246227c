/** Rust, for Wasmtime. */

import type { LanguageTemplates } from '../template.ts';
import { rustHammer } from './hammer.ts';
import { rustMutex } from './mutex.ts';
import { rustPool } from './pool.ts';

/** Files `x_pool.rs` and `x_mutex.rs` for a crate, `x_hammer.rs` for its `tests/`. */
export const RUST_TEMPLATES: LanguageTemplates = {
  pool: { write: rustPool, hasAsync: true, file: (base) => `${base}_pool.rs` },
  mutex: { write: rustMutex, hasAsync: true, file: (base) => `${base}_mutex.rs` },
  test: { write: rustHammer, file: (base) => `${base}_hammer.rs` },
};
