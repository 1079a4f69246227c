/** Go, for wazero. */

import type { LanguageTemplates } from '../template.ts';
import { goHammer } from './hammer.ts';
import { goMutex } from './mutex.ts';
import { goPool } from './pool.ts';

/** Files of a Go package: `x_pool.go`, `x_mutex.go` and `x_hammer_test.go`. */
export const GO_TEMPLATES: LanguageTemplates = {
  pool: { write: goPool, file: (base) => `${base}_pool.go` },
  mutex: { write: goMutex, file: (base) => `${base}_mutex.go` },
  test: { write: goHammer, file: (base) => `${base}_hammer_test.go` },
};
