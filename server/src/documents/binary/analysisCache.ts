/**
 * Finished analyses by contents, so that opening a file again, a copy of it, or a change of a
 * rule's severity costs nothing. Least recently used ones go first, bounded by bytes and number.
 */

import type { Analysis } from '../../../../core/analysis/model.ts';
import type { SharingModel } from '../../../../core/hosts/profile.ts';
import type { Module } from '../../../../core/wasm/module.ts';
import type { PrintedText } from '../../threads/jobs.ts';

export interface Analysed {
  module: Module;
  analysis: Analysis;
  prefer: Uint32Array;
  /** The text printed last and what it depends on besides the contents. */
  printed: PrintedText;
  printedFor: string;
  milliseconds: number;
}

/** Everything that the analysis of given bytes depends on. */
export const analysisKey = (hash: string, host: string, model: SharingModel | 'auto'): string =>
  `${hash} ${host} ${model}`;

/** Everything besides the analysis that the text depends on. */
export const textKey = (budget: number, expand: number[]): string =>
  `${budget} ${[...expand].sort((a, b) => a - b).join()}`;

export interface AnalysisCache {
  get(key: string): Analysed | undefined;
  set(key: string, value: Analysed): void;
}

export function createAnalysisCache(maxEntries = 12, maxBytes = 256 << 20): AnalysisCache {
  // Insertion order of a Map is the order of use: what is used again is inserted again.
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
