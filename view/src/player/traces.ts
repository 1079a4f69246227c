/** The traces of schedules: those that came with the report, and those that the host ran since. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ReplayedView } from '../../../core/report/view/replayedSchedule.ts';
import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import type { ScheduleView, TraceView } from '../../../core/report/view/scheduleView.ts';
import type { ViewHost } from '../host.ts';

/** The trace of a finding, and what running it again has shown. */
export interface ShownTrace {
  trace: TraceView | undefined;
  running: boolean;
  /** Of a run that somebody asked for. */
  replayed: ReplayedView | undefined;
  /** Why it could not be run. */
  failure: string | undefined;
  replay(): void;
}

/** Runs the schedule at once where its trace is not known and the host can run it. */
export function useTrace(schedule: ScheduleView, finding: FindingView, host: ViewHost): ShownTrace {
  const [ran, setRan] = useState<ReadonlyMap<string, ReplayedView>>(new Map());
  const [running, setRunning] = useState<string>();
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [failures, setFailures] = useState<ReadonlyMap<string, string>>(new Map());
  const { id } = finding;
  const known = schedule.traces.find((one) => one.schedule === finding.schedule);
  const replayed = ran.get(id);
  const failure = failures.get(id);
  const canRun = host.can.replay && finding.schedule !== '';

  const run = useCallback(async (): Promise<void> => {
    setRunning(id);
    setFailures((all) => new Map([...all].filter(([other]) => other !== id)));
    try {
      const answer = await host.ask('replay', { finding: id });
      setRan((all) => new Map(all).set(id, answer));
    } catch (error) {
      setFailures((all) => new Map(all).set(id, error instanceof Error ? error.message : String(error)));
    }
    setRunning((current) => (current === id ? undefined : current));
  }, [id, host]);

  const missing = known === undefined && replayed === undefined && failure === undefined && canRun;
  useEffect(() => {
    if (missing) void run();
  }, [missing, run]);

  return {
    trace: replayed?.trace ?? known,
    running: running === id,
    replayed: asked.has(id) ? replayed : undefined,
    failure,
    replay() {
      setAsked((all) => new Set(all).add(id));
      void run();
    },
  };
}
