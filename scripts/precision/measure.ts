/** Measures one module: what its conflicting pairs rest on, under two sharing models. */
import { analyse } from '../../core/analysis/analyse.ts';
import { threadSafetyOf } from '../../core/analysis/conditions/threads.ts';
import { sharingUnder } from '../../core/analysis/queries.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import type { Module } from '../../core/wasm/module.ts';
import { countPairs, type PairCounts } from './pairs.ts';

/** Words for exports under the usual model. */
export const WORDS = ['thread-safe', 'thread-compatible', 'thread-hostile', 'unknown'] as const;

/**
 * The two models.
 * - `usual`: the model that is analysed by default, with the profile of wazero: for modules without a shared memory all
 *   callers call one instance
 * - `threads`: as if the module were linked for threads: an instance for each caller with globals and a stack of its own,
 *   over one shared memory. What remains are conflicts in memory, the growth of it, and the host
 */
export const MODELS = ['usual', 'threads'] as const;
/** One of `MODELS`. */
export type MeasuredModel = (typeof MODELS)[number];

/** Counts of a module. */
export interface Measured extends Record<MeasuredModel, PairCounts> {
  exports: number;
  /** Exports by their word. */
  words: Record<(typeof WORDS)[number], number>;
}

/** Measures a module. */
export function measurePrecision(bytes: Uint8Array): Measured {
  const usual = analyse(decodeModule(bytes), { host: 'wazero', model: 'auto' });
  const threads = analyse(linkedForThreads(decodeModule(bytes)), { host: 'wasi-threads', model: 'shared-memory' });
  const sharing = sharingUnder(threads, 'shared-memory');
  const words = { 'thread-safe': 0, 'thread-compatible': 0, 'thread-hostile': 0, unknown: 0 };
  for (const position of usual.exports.keys()) words[threadSafetyOf(usual, position).word]++;
  return {
    exports: usual.exports.length,
    words,
    usual: countPairs(usual, sharingUnder(usual, usual.model)),
    threads: countPairs(threads, { ...sharing, module: { ...sharing.module, ownStacks: true } }),
  };
}

/** Changes a decoded module as if it imported a shared memory. */
function linkedForThreads(module: Module): Module {
  for (const memory of module.memories) {
    memory.imported = true;
    memory.limits.shared = true;
  }
  return module;
}
