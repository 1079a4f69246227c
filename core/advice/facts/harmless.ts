/** Which races change nothing that callers or the host can see. */
import type { HostProfile } from '../../hosts/profile.ts';
import type { RaceReport, StressResult } from '../../stress/explore/result.ts';

/**
 * Whether a race does harm beyond the values that callers see: growth can move the memory under a store, and a dropped
 * segment can crash the host. No exploration of outcomes shows that.
 */
function endangersHost({ kind }: RaceReport, { growMovesMemory, segmentDropCrashes }: HostProfile): boolean {
  if (kind === 'host') return true;
  if (kind === 'segment') return segmentDropCrashes;
  return (kind === 'memory.grow' || kind === 'table.grow') && growMovesMemory;
}

/** Whether the races of a run may stay as they are. `profile`: that of the host which the run was made for. */
export const isHarmless = (result: StressResult, profile: HostProfile): boolean =>
  result.benign && !result.races.some((race) => endangersHost(race, profile));
