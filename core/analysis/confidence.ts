/** The order of confidence. */
import type { Confidence } from './model.ts';

/** Surest first. The position of a confidence is its rank: smaller is surer. */
export const CONFIDENCES: readonly Confidence[] = ['definite', 'likely', 'possible'];

/** Position in `CONFIDENCES`. */
export const confidenceRank = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence);

/** Comparator for sorting: surest first. */
export const surestFirst = (a: Confidence, b: Confidence): number => confidenceRank(a) - confidenceRank(b);

/** The less sure of two. */
export const weaker = (a: Confidence, b: Confidence): Confidence => (surestFirst(a, b) >= 0 ? a : b);
