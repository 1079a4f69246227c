/** Runs modules in workers of the browser, and says of the rest why it needs Node.js. */
import { l10n } from 'vscode';
import { runInWorker } from '../../../browser/stress/runInWorker.ts';
import type { AdvisedAnswer } from '../../../core/advice/advised.ts';
import { cancelled, overdue, overduePlan, overdueWrapper } from '../../../core/jobs/failures.ts';
import type { ModuleBytes, NamedPlan, SentJob, WrapAnswer } from '../../../core/jobs/model.ts';
import { missingSupport } from '../../../core/stress/explore/stress.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import type { ExploreControl, Runner } from '../runner.ts';
import { stressSettings } from '../settings.ts';
import type { Workers } from '../workers.browser.ts';
import { importsTextOf } from './scenarios/importsText.browser.ts';

/** How long a worker may take to begin, how long a run may continue beyond its budget, and after it was cancelled, ms. */
const START_MS = 60_000;
const GRACE_MS = 8_000;
const CANCEL_MS = 1_000;
/** What the analysis of any module takes, with room, ms. */
const WRAP_MS = 60_000;

const noThreads = (): string =>
  l10n.t(
    'The hammer calls exports from threads that share memory, which a web extension does not have: use VS Code on the desktop, or the command line.',
  );

const noGo = (): string =>
  l10n.t(
    'Verification builds and runs Go, which a browser cannot do: use VS Code on the desktop, or the command line.',
  );

const notIsolated = (): string =>
  l10n.t(
    'The run was not isolated: it took place in a worker of the browser, whose page ends with it if the module takes all memory.',
  );

/** `workers`: the program of the workers. */
export function createBrowserRunner(workers: Workers): Runner {
  const place = async () => ({ script: await workers.script(), load: workers.load });
  const refused = (message: string): { failure: StressFailure } => ({
    failure: { kind: 'unsupported-host', message },
  });

  async function explore(job: SentJob, { base, signal, onProgress }: ExploreControl): Promise<AdvisedAnswer> {
    const imports = await importsTextOf(job.scenario, base);
    if ('failure' in imports) return imports;
    const answer = await runInWorker<AdvisedAnswer>(await place(), {
      start: { kind: 'explore', job: plain(job), imports: imports.text },
      ms: job.scenario.budget.seconds * 1000 + GRACE_MS,
      startMs: START_MS,
      signal,
      graceMs: CANCEL_MS,
      onProgress,
      overdue: () => ({ failure: overdue(job.name) }),
      ended: () => ({ failure: cancelled(job.name) }),
      failed: (message) => ({ failure: { kind: 'internal', message: ended(job.name, message) } }),
    });
    if ('failure' in answer) return answer;
    return { result: { ...answer.result, notes: [...answer.result.notes, notIsolated()] } };
  }

  return {
    missing: missingSupport,
    missingForHammer: noThreads,
    // All workers share the memory of the page.
    atOnce: () => 1,
    explore: (job, control) =>
      explore(job, control).catch((error: unknown) => ({
        failure: { kind: 'internal', message: ended(job.name, String(error)) } as const,
      })),
    hammer: async () => refused(noThreads()),
    async plan(start, signal) {
      const { planSeconds } = stressSettings();
      return runInWorker<NamedPlan>(await place(), {
        start: { kind: 'plan', ...plain(start) },
        ms: planSeconds * 1000,
        startMs: START_MS,
        signal,
        overdue: () => fail(overduePlan(planSeconds)),
        ended() {
          throw signal.reason;
        },
        failed: fail,
      });
    },
    async wrap(start, signal) {
      return runInWorker<WrapAnswer | undefined>(await place(), {
        start: { kind: 'wrap', ...plain(start) },
        ms: WRAP_MS,
        signal,
        overdue: () => fail(overdueWrapper(WRAP_MS / 1000)),
        ended: () => undefined,
        failed: fail,
      });
    },
    verification: {
      missing: noGo,
      folderOf: async () => ({ refusal: noGo() }),
      open: async () => refused(noGo()),
    },
    // Files of other file systems would have to be read whole.
    isBroken: async () => false,
    dispose() {},
  };
}

const fail = (message: string): never => {
  throw new Error(message);
};

const ended = (name: string, message: string): string => l10n.t('{0}: the run ended unexpectedly: {1}', name, message);

/** Without the analysis, which workers cannot read. */
const plain = <T extends ModuleBytes>({ analysis: _analysis, ...rest }: T): Omit<T, 'analysis'> => rest;
