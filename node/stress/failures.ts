/** How runs in worker threads fail, whatever they ran. */

import type { StressFailure } from '../../core/stress/session/failure.ts';
import { t } from '../../core/text/l10n.ts';

/** Of a run that needed more memory than it may have. */
export const outOfMemory = (name: string): StressFailure => ({
  kind: 'killed',
  message: t(
    '{0}: the run exceeded its memory limit and was stopped; raise the limit or make the scenario smaller',
    name,
  ),
});

/** Of a worker that ended by itself. */
export function crashed(name: string, error: NodeJS.ErrnoException): StressFailure {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemory(name);
  return { kind: 'internal', message: t('{0}: the run ended unexpectedly: {1}', name, error.message) };
}
