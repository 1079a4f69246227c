/**
 * What the schedule player shows of a run, as plain data: its findings with the schedules that show them, the traces that
 * are known, and the outcomes beside those of serial orders.
 */
import type { AdvisedResult } from '../../advice/advised.ts';
import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { unnamedText } from '../../stress/scenario/steps.ts';
import { callerText } from '../../stress/scenario/units.ts';
import { printable } from '../printable.ts';
import { replayCommand } from '../replayCommand.ts';
import { type FindingView, findingViews } from './scheduleFindings.ts';
import { outcomeCells, type ScheduleOutcomes, scheduleOutcomes } from './scheduleOutcomes.ts';
import { type PlaceInText, type StepView, stepsOf } from './scheduleSteps.ts';

/** A caller: a lane. */
export interface LaneView {
  /** `A`. */
  name: string;
  /** `put(1); get()`. */
  calls: string;
  /** Each of its steps, without the name of its result. */
  steps: string[];
}

/** What happened under a schedule. */
export interface TraceView {
  schedule: string;
  steps: StepView[];
  /** What it ended with, where its calls returned: cells below the heads of the outcomes. */
  outcome?: string[];
}

/** What the player shows of one run. */
export interface ScheduleView {
  host: HostId;
  model: SharingModel;
  lanes: LaneView[];
  /** The calls of a caller are one unit. */
  together: boolean;
  /** At least one, the worst first. */
  findings: FindingView[];
  /**
   * Traces that are known, at first that of the worst finding and that of the first which needs store buffers: the others
   * are run when somebody asks for them.
   */
  traces: TraceView[];
  outcomes?: ScheduleOutcomes;
  /** The command that runs a schedule again, without the schedule. */
  replay: string;
}

/** Places are byte offsets unless `place` is given. Undefined for a run that found nothing which a schedule shows. */
export function scheduleView(given: AdvisedResult, place?: PlaceInText): ScheduleView | undefined {
  const result = printable(given);
  const findings = findingViews(result);
  if (findings.length === 0) return undefined;
  const { scenario, host, model, unit } = result;
  const outcomes = scheduleOutcomes(result);
  return {
    host,
    model,
    lanes: scenario.callers.map((steps, i) => ({
      name: callerName(i),
      calls: callerText(scenario, i),
      steps: steps.map(unnamedText),
    })),
    together: unit === 'sequence',
    findings,
    traces: [traceView(result, place), bufferedTrace(result, place)].filter((trace) => trace !== undefined),
    ...(outcomes === undefined ? {} : { outcomes }),
    replay: replayCommand(given),
  };
}

/** The trace of the first finding that needs store buffers. */
function bufferedTrace(result: StressResult, place?: PlaceInText): TraceView | undefined {
  const { storeBuffers } = result;
  if (storeBuffers === undefined) return undefined;
  const { schedule, trace, wrong } = storeBuffers;
  const traced = wrong.find((one) => one.schedule === schedule) ?? null;
  return traceView({ ...result, schedule, trace, traced }, place);
}

/** The trace of the schedule of a result; undefined where it has none. */
export function traceView(result: StressResult, place?: PlaceInText): TraceView | undefined {
  const { schedule, traced, trace } = result;
  if (schedule === null || trace.length === 0) return undefined;
  return {
    schedule,
    steps: stepsOf(result, place),
    ...(traced === null ? {} : { outcome: outcomeCells(result, traced) }),
  };
}
