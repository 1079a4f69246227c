/** Arguments for the engine of processes in which runs happen. */
import { missingSupport } from '../../../core/stress/explore/stress.ts';

/** The engine's name for the integration of promises where it is not on by default. */
const PROMISES = '--experimental-wasm-jspi';
/** And for hints of branches; see core/stress/rewrite/branchHints.ts. V8 13.6 has them complete, and on by default from 13.7. */
const HINTS = '--experimental-wasm-branch-hinting';
const NEEDS_HINTS = /^13\.6\./;

/** What a process with the same engine as this one is to be started with. */
export function engineFlags(): string[] {
  const flags: string[] = [];
  if (missingSupport() !== undefined) flags.push(PROMISES);
  if (NEEDS_HINTS.test(process.versions.v8 ?? '')) flags.push(HINTS);
  return flags;
}
