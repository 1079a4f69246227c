/** Results of stress runs together with the advice that follows from them: what users read and what `--format json` writes. */
import type { StressAnswer, StressResult } from '../stress/explore/result.ts';
import type { StressFailure } from '../stress/session/failure.ts';
import type { Advice } from './advice.ts';
import { adviceOf } from './adviceOf.ts';

/** A result as the command line writes it (schemas/stress.schema.json). */
export interface AdvisedResult extends StressResult {
  /** What to do, with what it follows from; empty in a replay. */
  advice: Advice[];
}

/** A result with its advice, or why there is no result. */
export type AdvisedAnswer = { result: AdvisedResult } | { failure: StressFailure };

/** Adds advice about the calls of the run. A replay is about one schedule alone, so nothing follows from it. */
export function advised(answer: StressAnswer): AdvisedAnswer {
  if ('failure' in answer) return answer;
  const { result, module, analysis } = answer;
  const advice = result.replayed ? [] : adviceOf(module, analysis, [result], 'calls');
  return { result: { ...result, advice } };
}
