/** Writes a wrapper in a worker thread: the analysis of a large module takes a while, and may be given up. */
import { overdueWrapper } from '../../core/jobs/failures.ts';
import type { WrapAnswer, WrapStart } from '../../core/jobs/model.ts';
import { runJob } from './workerJob.ts';

/** What the analysis of any module takes, with room. */
const MAX_MS = 60_000;

/** Undefined when `signal` was aborted. Rejects when the worker fails or takes too long. */
export function runWrap(
  start: WrapStart,
  workerPath: string | URL,
  signal?: AbortSignal,
): Promise<WrapAnswer | undefined> {
  const fail = (error: Error): never => {
    throw error;
  };
  return runJob<never, WrapAnswer | undefined>({
    workerPath,
    memory: undefined,
    threads: [{ start: { kind: 'wrap', ...start } }],
    failed: fail,
    deadline: { ms: MAX_MS, answer: () => fail(new Error(overdueWrapper(MAX_MS / 1000))) },
    endRequests: [{ signal, answer: () => undefined }],
  });
}
