/** All that is generated in Rust for one module. */
import type { WrapOptions } from '../../wrapper.ts';

/** The options for each file, by a name for it. */
export const FORMS: Readonly<Record<string, Pick<WrapOptions, 'kind' | 'asynchronous'>>> = {
  pool: { kind: 'pool' },
  pool_async: { kind: 'pool', asynchronous: true },
  mutex: { kind: 'mutex' },
  mutex_async: { kind: 'mutex', asynchronous: true },
  hammer: { kind: 'test' },
};
