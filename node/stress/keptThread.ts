/**
 * The thread that has answered and waits for another job: loading its code, and compiling what is hot, takes longer than
 * many a scenario. Only jobs of which nothing can stay in a thread leave it: guests without JavaScript of their own.
 */
import type { Worker } from 'node:worker_threads';

/** A thread of this program within this budget. */
interface Kept {
  worker: Worker;
  program: string;
  memory: number | undefined;
}

let kept: Kept | undefined;

/** Number of threads that wait. */
export const threadsKept = (): number => (kept === undefined ? 0 : 1);

/** Keeps a thread that waits for a message, and to which nobody listens; false if another one is kept already. */
export function keepThread(thread: Kept): boolean {
  if (kept !== undefined) return false;
  kept = thread;
  const { worker } = thread;
  worker.once('exit', forget);
  worker.once('error', forget);
  worker.unref();
  return true;
}

function forget(): void {
  kept = undefined;
}

/** The thread that waits, if it is of this program and this budget. It is no longer kept. */
export function waitingThread({ program, memory }: Omit<Kept, 'worker'>): Worker | undefined {
  if (kept === undefined || kept.program !== program || kept.memory !== memory) return undefined;
  const { worker } = kept;
  worker.off('exit', forget);
  worker.off('error', forget);
  kept = undefined;
  worker.ref();
  return worker;
}

/** Ends the thread that waits, and frees what its heap has. */
export async function endKeptThread(): Promise<void> {
  await kept?.worker.terminate();
}
