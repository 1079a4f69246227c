/**
 * One part of the benchmarks in a process of its own, so that the code that the engine has compiled for others does not
 * count: `node partChild.ts PART JSON`. Prints one line of JSON.
 */
import { sharingCosts } from './sharing.ts';
import { detectionCost } from './stress/detection.ts';
import { exploredPlan } from './stress/plans.ts';
import { accessRates, callerRates, caseRates } from './stress/speed.ts';
import { watRow } from './watRow.ts';

const PARTS = {
  speed: caseRates,
  callers: callerRates,
  accesses: accessRates,
  detection: detectionCost,
  plan: exploredPlan,
  sharing: sharingCosts,
  editing: watRow,
};
/** What can be measured in a process of its own. */
export type Parts = typeof PARTS;

const [part, input] = process.argv.slice(2);
const measure = PARTS[part as keyof Parts] as (input: unknown) => Promise<unknown>;
const print = JSON.stringify(await measure(JSON.parse(input)));
// Suspended callers of closed sessions would keep the process from ending by itself.
process.stdout.write(`${print}\n`, () => process.exit());
