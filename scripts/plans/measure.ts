/** How much of the automatic plan of a module means something: scenarios in which every caller has a call that returns. */
import { analyse } from '../../core/analysis/analyse.ts';
import type { HostId } from '../../core/hosts/index.ts';
import { trappingCallers } from '../../core/stress/explore/alwaysTraps.ts';
import { triedPlan } from '../../core/stress/explore/plan/triedPlan.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import type { PlannedScenario } from '../../core/stress/scenario/plan.ts';
import { stepText } from '../../core/stress/scenario/steps.ts';
import { environment } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';

/** The plan of one module, serially run. */
export interface MeasuredPlan {
  scenarios: number;
  /** Scenarios in which no call of some caller returns in any order. */
  trapping: PlannedScenario[];
  /** Scenarios of which no serial order ended in time. */
  unknown: number;
  /** Scenarios that could not be run, with the reason. */
  failed: { title: string; reason: string }[];
  /** Exports that the plan calls. */
  exports: number;
  notes: string[];
  /** The scenarios as text, a line each. */
  lines: string[];
  /** Verdict of each scenario that ran. */
  verdicts: string[];
}

/** How much of each scenario is run: enough to see its serial orders. */
const SCHEDULES = 60;

/** Makes the plan of a module and runs it for a moment. */
export async function measurePlan(
  bytes: Uint8Array,
  name: string,
  host: HostId,
  seconds: number,
): Promise<MeasuredPlan> {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host, model: 'auto' });
  const { plan } = await triedPlan(
    { bytes, name },
    module,
    analysis,
    { host, model: 'auto', seconds: seconds * 24 },
    environment(),
  );
  const measured: MeasuredPlan = {
    scenarios: plan.scenarios.length,
    trapping: [],
    unknown: 0,
    failed: [],
    exports: new Set(plan.scenarios.flatMap(({ a, b }) => [a, b])).size,
    notes: plan.notes,
    lines: [],
    verdicts: [],
  };
  for (const one of plan.scenarios) {
    const { scenario, title } = one;
    const budget = { ...scenario.budget, schedules: SCHEDULES, seconds };
    const answer = await stress(
      { bytes, name, known: { module, analysis }, scenario: { ...scenario, budget } },
      environment(),
    );
    const text = [scenario.setup, ...scenario.callers].map((steps) => steps.map(stepText).join('; ')).join(' | ');
    if ('failure' in answer) {
      measured.failed.push({ title, reason: answer.failure.message });
      measured.lines.push(`failed  ${title}: ${answer.failure.message}: ${text}`);
      continue;
    }
    const traps = trappingCallers(answer.result.outcomes.examples).length > 0;
    if (traps) measured.trapping.push(one);
    if (answer.result.outcomes.examples.length === 0) measured.unknown++;
    measured.verdicts.push(answer.result.verdict);
    measured.lines.push(
      `${traps ? 'traps ' : 'returns'} ${answer.result.verdict.padEnd(12)} ${title}: ${text} -> ${JSON.stringify(answer.result.outcomes.examples[0]?.results ?? [])}`,
    );
  }
  return measured;
}
