/** Whether a pool of instances changes what calls mean: each call on a fresh instance and on one that was used. */
import type { PoolDifference } from './result.ts';
import { Mode } from './run/scheduler.ts';
import type { Session } from './session.ts';

export async function poolDifferences({ scheduler, callers, host, machine }: Session): Promise<PoolDifference[]> {
  const [first] = callers;
  const calls = new Map(callers.flatMap((c) => c.calls).map((call) => [call.text, call]));
  const differences: PoolDifference[] = [];
  for (const call of calls.values()) {
    host.reset();
    await scheduler.serially(Mode.Probe, []);
    const fresh = await scheduler.one(first, call);
    host.reset();
    await scheduler.serially(Mode.Probe, []);
    for (const other of calls.values()) await scheduler.one(first, other);
    const used = await scheduler.one(first, call);
    if (fresh !== used) differences.push({ call: call.text, fresh, used });
  }
  machine.restore();
  return differences;
}
