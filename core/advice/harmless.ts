/** Which races change nothing that anybody can see, neither callers nor the host. */
import { HOST_PROFILES } from '../hosts/index.ts';
import type { HostProfile } from '../hosts/profile.ts';
import type { RaceReport, StressResult } from '../stress/explore/result.ts';

/**
 * What a race of this kind does beyond the values that callers see: growth can move the memory under a store, and a
 * dropped segment can crash the host. No exploration of outcomes shows that.
 */
function endangersHost({ kind }: RaceReport, { growMovesMemory, segmentDropCrashes }: HostProfile): boolean {
  if (kind === 'host') return true;
  if (kind === 'segment') return segmentDropCrashes;
  return (kind === 'memory.grow' || kind === 'table.grow') && growMovesMemory;
}

/** Whether the races of a run may stay as they are. */
export const isHarmless = (result: StressResult): boolean =>
  result.benign && !result.races.some((race) => endangersHost(race, HOST_PROFILES[result.host]));
