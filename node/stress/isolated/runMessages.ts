/** Messages between a process in which runs happen and the one that started it. */
import type { PlanStart, SentJob } from '../../../core/jobs/model.ts';
import type { Translations } from '../../../core/text/l10n.ts';

/** First argument of a program that is started to serve runs. */
export const RUN_ARGUMENT = 'serve-runs';

/** What a run may take and load, as it travels. */
interface SentLimits {
  /** Most memory of the process and of each heap in it, MB; see `memoryLimits.ts`. */
  memory: number | undefined;
  /** Absolute path of the JavaScript module with imports, in trusted workspaces. */
  importsModule?: string;
}

/** A run that guests take part in: all that a process is started for. */
export type RunRequest =
  | { kind: 'explore'; job: SentJob; limits: SentLimits }
  | { kind: 'hammer'; job: SentJob; limits: SentLimits; progressMs?: number; cores?: number }
  | { kind: 'plan'; start: PlanStart; limits: SentLimits; seconds: number };

/** A run to begin, and the language of its texts; or that its result is not wanted, or that what is known is enough. */
export type ToRunProcess = { run: RunRequest; translations?: Translations } | { end: 'signal' | 'enough' };

/** What a process says: that it can begin, that it lives, and of the one run that it has at a time how it goes and ends. */
export type FromRunProcess =
  | { ready: true }
  | { alive: true }
  | { progress: unknown }
  /** `clean`: all threads of the run have ended, so that another run can follow. */
  | { answer: unknown; clean: boolean }
  | { problem: string; clean: boolean }
  /** All that the process may take is taken; it ends. */
  | { exceeded: true };
