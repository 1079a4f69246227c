/**
 * The worker's side of the runner: takes one job at a time, replies with its result, and transfers large
 * buffers instead of copying them.
 */
import type { Job, JobMessage, JobReply, OnPart, OnProgress, PrintedText, ResultOf } from './jobs.ts';

/** Smaller buffers are cloned: transferring costs more, and tiny ones may be shared constants. */
const TRANSFER_FROM_BYTES = 1 << 16;

type Work = (
  job: Job,
  control: Int32Array,
  progress: OnProgress,
  part: OnPart,
) => ResultOf<Job> | 'abandoned' | Promise<ResultOf<Job> | 'abandoned'>;

/** The thread's end of its connection to the runner. */
export interface JobPort {
  onMessage(take: (message: JobMessage) => void): void;
  post(reply: JobReply, transfer: ArrayBuffer[]): void;
}

/**
 * Does jobs for as long as the worker lives. `work` returns `abandoned` when `control` says that its
 * result is no longer wanted.
 */
export function serveJobs(port: JobPort, work: Work): void {
  port.onMessage(async ({ id, job, control }) => {
    const send = (reply: JobReply, buffers: ArrayBuffer[] = []): void => port.post(reply, buffers);
    try {
      const result = await work(
        job,
        control,
        (message, percentage) => send({ id, kind: 'progress', message, percentage }),
        // What is known first shares buffers with what the work goes on with: it is copied.
        (part) => send({ id, kind: 'part', part }, part.kind === 'printed' ? buffersOf(part.printed) : []),
      );
      if (result === 'abandoned') send({ id, kind: 'abandoned' });
      else send({ id, kind: 'done', result }, buffersOf(result));
    } catch (error) {
      // A defect, not a bad file: decoding and analysis report errors in a file as data.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send({ id, kind: 'failed', message: text });
    }
  });
}

/** Limits reports to ten a second: each wakes the main thread. */
export function throttled(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let next = 0;
  return (done, total) => {
    const now = performance.now();
    if (now < next) return;
    next = now + 100;
    report(done, total);
  };
}

/** The large buffers of a result, to transfer. Shared memory needs no transfer. */
function buffersOf(result: ResultOf<Job> | PrintedText): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (item: unknown, depth: number): void => {
    if (ArrayBuffer.isView(item)) {
      if (item.buffer instanceof ArrayBuffer && item.buffer.byteLength >= TRANSFER_FROM_BYTES) found.add(item.buffer);
    } else if (
      depth > 0 &&
      typeof item === 'object' &&
      item !== null &&
      !Array.isArray(item) &&
      !(item instanceof Map)
    ) {
      for (const field of Object.values(item)) visit(field, depth - 1);
    }
  };
  for (const part of 'wat' in result ? [result.wat, ...result.modules] : [result]) visit(part, 3);
  return [...found];
}
