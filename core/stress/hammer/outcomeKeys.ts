/** Keys and texts of the outcome in the result area. */
import type { Results } from '../session/job.ts';
import type { Driver } from './driver.ts';
import { emptyHash, type Hash, mix } from './sharedState.ts';

/** Results as texts. */
export interface Decoded {
  results: Results;
  probe: string[];
}

/** Results of all calls and, where the state counts, values of private globals. */
export function resultsHash({ start, thread }: Driver): Hash {
  const hash = emptyHash();
  const { words } = thread.area;
  const { probeAt, globalsAt } = start.layout;
  const end = start.comparesState ? probeAt : globalsAt;
  for (let i = 0; i < end; i++) mix(hash, words[i]);
  return hash;
}

/** Adds the state that is left, where it counts. */
export function stateHash({ start, state }: Driver, hash: Hash): void {
  if (start.comparesState) state.mixInto(hash);
}

/** Adds the results of the probe. */
export function probeHash({ start, thread }: Driver, hash: Hash): void {
  const { words } = thread.area;
  for (let i = start.layout.probeAt; i < start.layout.words; i++) mix(hash, words[i]);
}

/** Reads the results of all calls and of the probe from the result area. */
export function decode({ start, thread }: Driver): Decoded {
  const { area, texts } = thread;
  return {
    results: start.layout.callers.map((calls) => calls.map((place) => area.text(place, texts))),
    probe: start.layout.probe.map((place) => area.text(place, texts)),
  };
}
