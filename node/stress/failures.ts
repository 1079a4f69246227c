/** How runs in worker threads fail, whatever they ran. */
import type { StressFailure } from '../../core/stress/session/failure.ts';

/** The failure of a run that was ended from outside before it had a result. `name` is that of the module. */
export const cancelled = (name: string): StressFailure => ({
  kind: 'cancelled',
  message: `${name}: the run was cancelled`,
});

/** Of a worker that ended by itself. */
export function crashed(name: string, error: NodeJS.ErrnoException): StressFailure {
  const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const message = memory
    ? `${name}: the run exceeded its memory limit and was stopped; raise the limit or make the scenario smaller`
    : `${name}: the run ended unexpectedly: ${error.message}`;
  return { kind: memory ? 'killed' : 'internal', message };
}
