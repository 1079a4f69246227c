/** For tests: what an exploration works with, without an exploration. */
import type { ExploreContext } from '../explore/exploration.ts';
import { RaceCollector } from '../explore/raceCollector.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createSession } from '../session/createSession.ts';
import { environment } from './run.ts';

/** The context of a scenario on a binary, without any limit of time. */
export async function contextFor(bytes: Uint8Array, scenario: Scenario): Promise<ExploreContext> {
  const findings = new RaceCollector();
  const world = environment();
  const stopped = () => false;
  const session = await createSession({ name: 'test.wat', bytes, scenario }, world, findings, stopped);
  findings.attach(session);
  const deadline = { end: Number.POSITIVE_INFINITY, extend() {}, conclude() {}, late: stopped, missed: false };
  return { session, findings, environment: world, stopped, deadline, wanted: new Set() };
}
