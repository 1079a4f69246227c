/**
 * The process in which runs happen: its main thread takes requests, answers and watches, and never runs a guest; the
 * threads that it starts do. It ends with the process that started it, however that one ended.
 */
import { useTranslations } from '../../../core/text/l10n.ts';
import { endKeptThread } from '../keptThread.ts';
import { planInThread } from '../planStress.ts';
import { hammerInThreads } from '../runHammer.ts';
import { exploreInThread } from '../runStress.ts';
import { threadsLeft } from '../workerJob.ts';
import { memoryLimits } from './memoryLimits.ts';
import { type FromRunProcess, RUN_ARGUMENT, type RunRequest, type ToRunProcess } from './runMessages.ts';

/** How often the memory is looked at: what an allocating loop gets between two looks is a small part of a budget. */
const LOOK_MS = 20;
/** How often the process says that it lives. */
const ALIVE_MS = 1_000;
/** How long threads may take to end before the run is answered all the same; the process then ends with them. */
const TERMINATE_MS = 1_500;
/** Megabytes in use after a run, above which the process is not used again. */
const TIDY = 400;
/** How long the last message may take. */
const FAREWELL_MS = 500;

const MIB = 2 ** 20;

/** Whether this program was started to serve runs. */
export const isRunProcess = (): boolean => process.send !== undefined && process.argv[2] === RUN_ARGUMENT;

const say = (message: FromRunProcess): void => void (process.connected && process.send?.(message));

/** Ends this process with everything in it. Not `exit`, which waits for threads that cannot be interrupted. */
const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Serves until the other process ends this one, or is gone. */
export function serveRuns(): void {
  let signals: Record<'signal' | 'enough', AbortController> | undefined;
  process.on('disconnect', die);
  // Ctrl+C reaches all processes of a terminal. The one that started this one decides.
  process.on('SIGINT', () => {});
  process.on('message', (message: ToRunProcess) => {
    if ('end' in message) {
      signals?.[message.end].abort();
      return;
    }
    signals = { signal: new AbortController(), enough: new AbortController() };
    useTranslations(message.translations);
    void serve(message.run, signals);
  });
  setInterval(() => say({ alive: true }), ALIVE_MS);
  say({ ready: true });
}

type Signals = Readonly<Record<'signal' | 'enough', AbortController>>;

async function serve(run: RunRequest, signals: Signals): Promise<void> {
  const { resident } = memoryLimits(run.limits.memory);
  const watching = setInterval(() => {
    if (process.memoryUsage.rss() > resident * MIB) exceeded();
  }, LOOK_MS);
  try {
    // What others run in takes nothing from them.
    if (run.kind !== 'explore') await endKeptThread();
    const answer = await answerTo(run, signals);
    say({ answer, clean: await isClean(resident) });
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error), clean: await isClean(resident) });
  } finally {
    clearInterval(watching);
  }
}

/** The threads go on allocating: nothing is waited for longer than it takes to say why. */
function exceeded(): void {
  setTimeout(die, FAREWELL_MS);
  const message: FromRunProcess = { exceeded: true };
  process.send?.(message, die);
}

/** Whether another run can follow. A thread that waits for it must leave it most of its memory, or ends. */
async function isClean(resident: number): Promise<boolean> {
  const most = Math.min(TIDY, resident / 2) * MIB;
  if (process.memoryUsage.rss() >= most) await endKeptThread();
  return threadsLeft() === 0 && process.memoryUsage.rss() < TIDY * MIB;
}

function answerTo(run: RunRequest, signals: Signals): Promise<unknown> {
  const options = {
    ...run.limits,
    workerPath: process.argv[1],
    terminateMs: TERMINATE_MS,
    keeps: true,
    signal: signals.signal.signal,
    enough: signals.enough.signal,
    onProgress: (progress: unknown) => say({ progress }),
  };
  switch (run.kind) {
    case 'explore':
      return exploreInThread(run.job, options);
    case 'hammer':
      return hammerInThreads(run.job, { ...options, progressMs: run.progressMs, cores: run.cores });
    case 'plan':
      return planInThread(run.start, { ...options, seconds: run.seconds });
  }
}
