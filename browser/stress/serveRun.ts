/** The work of a worker that was started for a run. */
import { type AdvisedAnswer, advised } from '../../core/advice/advised.ts';
import type { ReceivedModule } from '../../core/jobs/model.ts';
import { makePlan } from '../../core/jobs/plan.ts';
import { writeWrapper } from '../../core/jobs/wrap.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { t, useTranslations } from '../../core/text/l10n.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { EndOfRun, ExploreWork, RunMessage, RunStart } from './runMessages.ts';

const PROGRESS_MS = 100;

/** Does the job, and says so to `port`. Never rejects. */
export async function serveRun(port: DedicatedWorkerGlobalScope, { translations, ...start }: RunStart): Promise<void> {
  useTranslations(translations);
  const say = (message: RunMessage<unknown>): void => port.postMessage(message);
  // Before the imports of a scenario are loaded: they are code, which counts.
  say({ begun: true });
  try {
    if (start.kind === 'plan') say({ answer: await makePlan(start, received(start.bytes), { now, breathe }) });
    else if (start.kind === 'wrap') say({ answer: writeWrapper(start, received(start.bytes)) });
    else say({ answer: await explore(port, start, say) });
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error) });
  }
}

const received = (bytes: Uint8Array): ReceivedModule => ({ module: decodeModule(bytes), analysis: undefined });

async function explore(
  port: DedicatedWorkerGlobalScope,
  { job, imports }: ExploreWork,
  say: (message: RunMessage<unknown>) => void,
): Promise<AdvisedAnswer> {
  let isCancelled = false;
  port.addEventListener('message', ({ data }: MessageEvent<EndOfRun>) => {
    isCancelled = data === 'cancelled';
  });
  const loaded = await loadImports(job.scenario.imports, imports);
  if ('problem' in loaded) return { failure: { kind: 'imports', message: loaded.problem } };
  let last = Number.NEGATIVE_INFINITY;
  const answer = await stress(
    { ...job, imports: loaded.imports },
    {
      now,
      cancelled: () => isCancelled,
      breathe,
      progress(progress) {
        if (now() - last < PROGRESS_MS) return;
        last = now();
        say({ progress });
      },
      world: {
        nanoseconds: () => BigInt(Date.now()) * 1_000_000n,
        // Browsers write to no memory that threads may share.
        random: (bytes) => bytes.set(crypto.getRandomValues(new Uint8Array(bytes.length))),
      },
    },
  );
  return advised(answer);
}

const now = (): number => performance.now();

const turn = new MessageChannel();

/** A message, which comes after those that wait; a timer would come milliseconds later. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    turn.port1.onmessage = () => resolve();
    turn.port2.postMessage(0);
  });

/** `export default {env: {f() {}}}`, the same as named exports, or a function that makes it. */
async function loadImports(
  named: ExploreWork['job']['scenario']['imports'],
  text: string | undefined,
): Promise<{ imports: StressJob['imports'] } | { problem: string }> {
  if (text === undefined) return { imports: undefined };
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    const loaded = (await import(address)) as Record<string, unknown>;
    const given = loaded.default ?? loaded;
    return { imports: (typeof given === 'function' ? await given() : given) as StressJob['imports'] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: t('{0} could not be loaded: {1}', named === 'stub' ? '' : named.module, reason) };
  } finally {
    URL.revokeObjectURL(address);
  }
}
