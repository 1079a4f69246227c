/** TypeScript, for worker threads of Node.js. */

import type { LanguageTemplates } from '../template.ts';
import { tsHammer } from './hammer.ts';
import { tsPool } from './pool.ts';
import { tsShared } from './shared.ts';

const kebab = (base: string): string => base.replaceAll('_', '-');

/** Files `x-pool.ts`, `x-shared.ts` and `x-hammer.test.ts`, with hyphens for the underscores of the base name. */
export const TYPESCRIPT_TEMPLATES: LanguageTemplates = {
  pool: { write: tsPool, file: (base) => `${kebab(base)}-pool.ts` },
  mutex: { write: tsShared, file: (base) => `${kebab(base)}-shared.ts` },
  test: { write: tsHammer, file: (base) => `${kebab(base)}-hammer.test.ts` },
};
