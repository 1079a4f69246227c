/** The rules that findings of runs fall under: those of the analysis are in core/analysis/rules. */
import type { SarifLevel } from './model.ts';

/** What a run can show; `run/crash` is an end of the host's process. */
export const RUN_RULES = {
  'run/host-hazard': {
    level: 'error',
    title: 'Damages the host',
    summary: 'Two operations that damage the host itself met in a run of concurrent calls.',
    help: 'Keep the calls from running at the same time, or give each caller its own instance. The thread flows show who did what; the command in the message replays the schedule.',
  },
  'run/hang': {
    level: 'error',
    title: 'Calls hang',
    summary: 'Concurrent calls did not return in a run: a deadlock, a livelock, or a loop that does not end.',
    help: 'The message says what the callers wait for. The thread flows show how they get there; the command in the message replays the schedule.',
  },
  'run/crash': {
    level: 'error',
    title: 'Ends the host',
    summary: 'The process of the host ended while calls ran concurrently.',
    help: 'Keep the calls from running at the same time, or give each caller its own instance.',
  },
  'run/wrong-outcome': {
    level: 'error',
    title: 'Wrong outcome',
    summary: 'Concurrent calls gave an outcome that no serial order of the calls gives.',
    help: 'Let the calls exclude each other with a lock, give each caller its own instance, or make the update atomic in the module. The thread flows show the interleaving; the command in the message replays the schedule.',
  },
  'run/race': {
    level: 'warning',
    title: 'Data race',
    summary: 'Two concurrent calls accessed the same state without synchronisation, and one of them wrote it.',
    help: 'Let the calls exclude each other with a lock, give each caller its own instance, or use atomic accesses in the module. A race need not give a wrong outcome under the schedules that were tried; it is undefined behaviour in every source language.',
  },
  'run/private-state': {
    level: 'warning',
    title: 'Not built for an instance per thread',
    summary: 'Instances over one memory answered differently from one instance, because each has state of its own.',
    help: 'Use one instance, or build the module so that everything its calls share is in the shared memory.',
  },
} as const satisfies Readonly<Record<string, RunRule>>;

interface RunRule {
  level: SarifLevel;
  title: string;
  /** One sentence. */
  summary: string;
  /** What to do. */
  help: string;
}

/** A rule about runs. */
export type RunRuleId = keyof typeof RUN_RULES;
