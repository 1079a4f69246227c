/** What `verify` saw, in one line. */

import { plural } from '../text/phrases.ts';
import type { VerifyFinding, VerifyResult } from '../verify/model.ts';
import { partOf } from './verdicts.ts';

/** The verdict of a result, with the numbers it rests on. */
export function verifyVerdict(result: VerifyResult): string {
  const { verdict, findings, runs } = result;
  const count = (status: VerifyFinding['status']): number => findings.filter((one) => one.status === status).length;
  const rounds = runs.reduce((sum, one) => sum + one.rounds, 0);
  switch (verdict) {
    case 'confirmed':
      return `confirmed ${count('confirmed')} of ${plural(count('confirmed') + count('not-seen'), 'finding')}`;
    case 'new':
      return `${plural(count('new'), 'finding')} that exploration does not have: a defect of wasm-hazards, please report it`;
    case 'not-seen':
      return `nothing wrong seen in ${plural(rounds, 'round')}, which proves nothing${
        runs.some(({ seen, notJudged }) => seen > 0 && notJudged === 0) ? '' : '; the outcomes were not judged'
      }`;
    case 'not-verified':
      return 'not verified';
  }
}

/** `confirmed, 12 reports`, `confirmed, wrong in 0.40 % of 12,000 rounds`, `not seen in 500 rounds`. */
export function findingText({ status, kind, reports, wrong, rounds }: VerifyFinding): string {
  // What ends a process is seen once.
  if (status !== 'not-seen' && (kind === 'hang' || kind === 'crash')) return status;
  const seen = [
    ...(reports > 0 ? [plural(reports, 'report')] : []),
    ...(wrong > 0 ? [`in ${partOf(wrong, rounds, plural(rounds, 'round'))}`] : []),
  ].join(', ');
  switch (status) {
    case 'confirmed':
      return `confirmed: ${seen === '' ? `in ${plural(rounds, 'round')}` : seen}`;
    case 'new':
      return `new: ${seen}`;
    case 'not-seen':
      return `not seen in ${plural(rounds, 'round')}`;
  }
}
