/**
 * Finished analyses by content, so that reopening a file or opening a copy of it costs nothing. Bounded
 * by bytes and number; the least recently used are dropped first.
 */

import type { Analysis } from '../../../../core/analysis/model.ts';
import type { SharingModel } from '../../../../core/hosts/profile.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import type { PrintedText } from '../../threads/jobs.ts';

/** A decoded and analysed binary with its latest text. `prefer` and `printed` are as in `PrintedBinary`. */
export interface Analysed {
  module: Module;
  analysis: Analysis;
  prefer: Uint32Array;
  /** The text printed last, and the key of the options that it was printed with. */
  printed: PrintedText;
  printedFor: string;
  milliseconds: number;
}

/** Key of an analysis: everything that it depends on. */
export const analysisKey = (
  hash: string,
  host: string,
  model: SharingModel | 'auto',
  suspending: readonly string[] = [],
): string => [hash, host, model, ...suspending].join(' ');

/** Key of a text: everything that it depends on besides the analysis. */
export const textKey = (budget: number, expand: number[]): string =>
  `${budget} ${[...expand].sort((a, b) => a - b).join()}`;

/** Analyses by `analysisKey`. `get` counts as a use, `set` may drop others. */
export interface AnalysisCache {
  get(key: string): Analysed | undefined;
  set(key: string, value: Analysed): void;
}

/** An empty cache. `maxBytes` limits the total size of the binaries; the entry set last stays even if it is larger. */
export function createAnalysisCache(maxEntries = 12, maxBytes = 256 << 20): AnalysisCache {
  // A Map keeps insertion order: reinserting an entry on use makes it the order of use.
  const entries = new Map<string, Analysed>();
  const size = (): number => [...entries.values()].reduce((sum, entry) => sum + entry.module.bytes.length, 0);
  return {
    get(key) {
      const found = entries.get(key);
      if (found) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      for (const oldest of entries.keys()) {
        if (entries.size <= 1 || (entries.size <= maxEntries && size() <= maxBytes)) break;
        entries.delete(oldest);
      }
    },
  };
}
