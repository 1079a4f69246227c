/** One thread of a hammer run: the first one leads, the others follow. */
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { type HammerAnswer, hammer } from '../../core/stress/hammer/hammer.ts';
import { HammerThread, type ThreadWorld } from '../../core/stress/hammer/hammerThread.ts';
import type { SharedMemories, ThreadStart } from '../../core/stress/hammer/threadStart.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { engineJob } from './engineJob.ts';
import { loadImports } from './loadImports.ts';
import type { HammerProgress, HammerStart, WorkerMessage } from './messages.ts';

const say = (message: WorkerMessage<HammerProgress, HammerAnswer>): void => parentPort?.postMessage(message);

function tell(ports: readonly MessagePort[], message: ThreadStart | SharedMemories): void {
  for (const port of ports) port.postMessage(message);
}

/**
 * Plays the part that `start` gives this thread. The first posts progress and the answer to the thread that started it;
 * the others wait for its plan. Any thread whose imports do not load answers with that failure.
 */
export async function runHammerThread(start: HammerStart): Promise<void> {
  const loaded = await loadImports(start.importsModule);
  if ('problem' in loaded) {
    say({ answer: { failure: { kind: 'imports', message: loaded.problem } } });
    return;
  }
  const control = new Int32Array(start.control);
  const world = worldOf(loaded.imports);
  if (start.leads) {
    const { job, ports, cores, progressMs } = start;
    const answer = hammer(engineJob(job), {
      ...world,
      cores,
      control,
      progressMs,
      send: (plan) => tell(ports, plan),
      sendMemories: (memories, members) => tell(ports.slice(0, members - 1), memories),
      progress: (result, judged) => say({ progress: { result, judged } }),
    });
    say({ answer });
    return;
  }
  const { port, index } = start;
  port.once('message', (plan: ThreadStart) => {
    new HammerThread(index, plan, control, { ...world, receive: () => received(port) }).follow();
    port.close();
  });
}

const worldOf = (given: StressJob['imports']): Omit<ThreadWorld, 'receive'> => ({
  now: () => performance.now(),
  world: {
    nanoseconds: () => BigInt(Date.now()) * 1_000_000n,
    random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
  },
  given,
});

const asleep = new Int32Array(new SharedArrayBuffer(4));

/** The next message of a port, received without returning to the event loop. */
function received(port: MessagePort): SharedMemories {
  for (;;) {
    const found = receiveMessageOnPort(port) as { message: SharedMemories } | undefined;
    if (found !== undefined) return found.message;
    Atomics.wait(asleep, 0, 0, 0.05);
  }
}
