/** `--shard`: a share of a plan for one of several machines, and what `wasm-hazards merge` has to know of it. */
import { createHash } from 'node:crypto';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { DEFAULT_HOST } from '../../../core/hosts/index.ts';
import { type Shard, VERSION } from '../../../core/report/report.ts';
import type { PlanRun } from './runScenarios.ts';
import type { ShardOption } from './shardOption.ts';
import type { StressOptions } from './stressOptions.ts';
import type { Planned } from './stressScenarios.ts';

/** Whether scenario `i` of a plan is in a share: neighbours are about the same exports, so each share gets some of all. */
const isIn = ({ index, count }: ShardOption, i: number): boolean => i % count === index - 1;

/** Position in the whole plan of the scenario at `at` in a share. */
const positionOf = ({ index, count }: ShardOption, at: number): number => at * count + index - 1;

/** The scenarios of a share; all of them without one. */
export const scenariosOf = (scenarios: readonly Planned[], shard: ShardOption | undefined): Planned[] =>
  scenarios.filter((_, i) => shard === undefined || isIn(shard, i));

/** Equal for the same bytes. */
export const bytesKey = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a share was of. */
interface SharedPlan {
  scenarios: readonly Planned[];
  untested: number;
  notes: readonly string[];
}

/** What `merge` has to know of a share that was run. */
export function shardOf(
  { shard, host = DEFAULT_HOST, model = 'auto', suspending }: StressOptions & { shard: ShardOption },
  bytes: Uint8Array,
  plan: SharedPlan,
  { results, failures }: PlanRun<AdvisedResult>,
  interrupted: boolean,
): Shard {
  const { scenarios, untested, notes } = plan;
  const key = createHash('sha256').update(JSON.stringify([VERSION, host, model, suspending, untested, scenarios]));
  return {
    ...shard,
    plan: key.digest('hex'),
    moduleHash: bytesKey(bytes),
    host,
    model,
    suspending,
    scenarios: scenarios.length,
    untested,
    notes,
    ran: results.map(({ at }) => positionOf(shard, at)),
    failed: failures.map(({ at }) => positionOf(shard, at)),
    interrupted,
  };
}
