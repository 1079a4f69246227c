/** What `verify` saw, in one line. */

import { t } from '../text/l10n.ts';
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
      return t('confirmed {0} of {1}', count('confirmed'), plural(count('confirmed') + count('not-seen'), 'finding'));
    case 'new':
      return t(
        '{0} that exploration does not have: a defect of wasm-hazards, please report it',
        plural(count('new'), 'finding'),
      );
    case 'not-seen':
      return runs.some(({ seen, notJudged }) => seen > 0 && notJudged === 0)
        ? t('nothing wrong seen in {0}, which proves nothing', plural(rounds, 'round'))
        : t('nothing wrong seen in {0}, which proves nothing; the outcomes were not judged', plural(rounds, 'round'));
    case 'not-verified':
      return t('not verified');
  }
}

/** `confirmed, 12 reports`, `confirmed, wrong in 0.40 % of 12,000 rounds`, `not seen in 500 rounds`. */
export function findingText({ status, kind, reports, wrong, rounds }: VerifyFinding): string {
  // What ends a process is seen once.
  if (status !== 'not-seen' && (kind === 'hang' || kind === 'crash')) return status;
  const seen = [
    ...(reports > 0 ? [plural(reports, 'report')] : []),
    ...(wrong > 0 ? [t('in {0}', partOf(wrong, rounds, plural(rounds, 'round')))] : []),
  ].join(', ');
  switch (status) {
    case 'confirmed':
      return t('confirmed: {0}', seen === '' ? t('in {0}', plural(rounds, 'round')) : seen);
    case 'new':
      return t('new: {0}', seen);
    case 'not-seen':
      return t('not seen in {0}', plural(rounds, 'round'));
  }
}
