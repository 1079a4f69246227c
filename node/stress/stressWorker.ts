/** Entry of a worker thread, which does one job, answers, and ends, and of the process of such threads. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type AdvisedAnswer, advised } from '../../core/advice/advised.ts';
import type { Analysis } from '../../core/analysis/model.ts';
import { analysisFor } from '../../core/analysis/reuse.ts';
import { debugInfoOf, mayHaveSource } from '../../core/debug/debugInfo.ts';
import { attachSource } from '../../core/debug/moduleSource.ts';
import { runEvidence } from '../../core/report/runEvidence.ts';
import { answersOf, sourced } from '../../core/report/sourced.ts';
import { type TriedPlan, triedPlan } from '../../core/stress/explore/plan/triedPlan.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { planOf } from '../../core/stress/scenario/plan.ts';
import { usageFacts } from '../../core/stress/scenario/usage/roles.ts';
import { skeletonOf } from '../../core/stress/scenario/usage/skeleton.ts';
import type { Environment, Progress } from '../../core/stress/session/environment.ts';
import { inEnglish, useTranslations } from '../../core/text/l10n.ts';
import type { Module } from '../../core/wasm/module.ts';
import { evidenceOf } from '../../core/wrap/evidence.ts';
import { generateWrapper } from '../../core/wrap/wrapper.ts';
import { engineJob, received } from './engineJob.ts';
import { runHammerThread } from './hammerWorker.ts';
import { isRunProcess, serveRuns } from './isolated/serveRuns.ts';
import { loadImports } from './loadImports.ts';
import {
  type ExploreStart,
  type NamedPlan,
  type PlanStart,
  RunSlot,
  type WorkerData,
  type WorkerMessage,
  type WorkerStart,
  type WrapAnswer,
  type WrapStart,
} from './messages.ts';

const PROGRESS_MS = 100;

function say<Answer>(message: WorkerMessage<Progress, Answer>): void {
  parentPort?.postMessage(message);
}

async function explore({ job, importsModule, slots: buffer }: ExploreStart): Promise<AdvisedAnswer> {
  const slots = new Int32Array(buffer);
  // Before imports are loaded: they are code of the scenario, which counts.
  say({ begun: true });
  const loaded = await loadImports(importsModule);
  if ('problem' in loaded) return { failure: { kind: 'imports', message: loaded.problem } };
  let last = Number.NEGATIVE_INFINITY;
  const answer = await stress(engineJob(job, loaded.imports), {
    now: () => performance.now(),
    cancelled: () => Atomics.load(slots, RunSlot.Cancelled) !== 0,
    enough: () => Atomics.load(slots, RunSlot.Enough) !== 0,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    progress(progress) {
      if (performance.now() - last < PROGRESS_MS) return;
      last = performance.now();
      say({ progress });
    },
    world: {
      nanoseconds: () => BigInt(Date.now()) * 1_000_000n,
      random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
    },
    at(func, offset) {
      slots[RunSlot.Func] = func;
      slots[RunSlot.Offset] = offset;
    },
  });
  return advised(answer);
}

async function plan(start: PlanStart): Promise<NamedPlan> {
  const { module, analysis: known } = received(start);
  const { host, model, suspending } = start.options;
  const analysis = analysisFor(module, { host, model, suspending }, known);
  const {
    plan: made,
    facts,
    usages,
  } = start.tries
    ? await triedPlan(start, module, analysis, start.options, planningEnvironment())
    : untriedPlan(module, analysis, start.options);
  const { scenarios, ...rest } = made;
  const [first] = scenarios;
  const skeleton = start.skeleton && first !== undefined ? skeletonOf(facts, usages, first.a, first.b) : undefined;
  const name = (position: number) => analysis.exports[position].name;
  return { scenarios: scenarios.map((one) => ({ ...one, a: name(one.a), b: name(one.b) })), ...rest, skeleton };
}

function untriedPlan(module: Module, analysis: Analysis, options: PlanStart['options']): TriedPlan {
  const facts = usageFacts(module, analysis);
  return { plan: planOf(module, analysis, { ...options, facts }), facts, usages: new Map() };
}

/** Trying arguments tells nobody how far it is, and gives the module no clock and no randomness. */
const planningEnvironment = (): Environment => ({
  now: () => performance.now(),
  cancelled: () => false,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  progress: () => {},
  world: { nanoseconds: () => 0n, random: (bytes) => void bytes.fill(0) },
});

function wrap(start: WrapStart): WrapAnswer {
  const { wrap: options, host, model, suspending, runs } = start;
  const { module, analysis: known } = received(start);
  if (mayHaveSource(module)) attachSource(module, { info: debugInfoOf(module) });
  // What it says of itself becomes a comment of the code, as the evidence does.
  const analysis = inEnglish(() => analysisFor(module, { host, model, suspending }, known));
  const shown = inEnglish(() =>
    runs === undefined ? [] : sourced(runEvidence(module, analysis, runs), answersOf(module)),
  );
  const evidence =
    options.evidence ?? (shown.length > 0 ? inEnglish(() => [...evidenceOf(module, analysis), ...shown]) : undefined);
  return generateWrapper(module, analysis, { ...options, evidence });
}

async function work(start: WorkerStart): Promise<void> {
  switch (start.kind) {
    case 'plan':
      return say({ answer: await plan(start) });
    case 'wrap':
      return say({ answer: wrap(start) });
    case 'explore':
      return say({ answer: await explore(start) });
    case 'hammer':
      return runHammerThread(start);
  }
}

if (isMainThread) {
  if (isRunProcess()) serveRuns();
} else {
  const { translations, ...start } = workerData as WorkerData;
  useTranslations(translations);
  void work(start as WorkerStart).catch((error: unknown) =>
    say({ problem: error instanceof Error ? error.message : String(error) }),
  );
}
