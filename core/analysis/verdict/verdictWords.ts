/** A verdict in a few words, for places that have no room for its sentence. */
import type { Analysis } from '../model.ts';
import type { VerdictStatus } from './verdictStatus.ts';

const WORDS: Readonly<Record<VerdictStatus, string>> = {
  'not-safe': 'not safe',
  'possibly-not-safe': 'may not be safe',
  'host-only': 'shares host functions only',
  'no-conflict': 'no conflict found',
  program: 'program, runs once',
  'no-exports': 'exports no function',
};

/** `not safe`, `no conflict found so far`: of an analysis that a budget ended, no more than was looked at. */
export function verdictWords(status: VerdictStatus, { partial }: Pick<Analysis, 'partial'>): string {
  const isOpen = partial !== undefined && (status === 'no-conflict' || status === 'host-only');
  return isOpen ? `${WORDS[status]} so far` : WORDS[status];
}
