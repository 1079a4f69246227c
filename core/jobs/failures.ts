/** How runs fail that were ended from outside, whatever they ran and whatever they ran in. `name` is that of the module. */
import type { StressFailure } from '../stress/session/failure.ts';
import { t } from '../text/l10n.ts';

/** The failure of a run that was ended from outside before it had a result. */
export const cancelled = (name: string): StressFailure => ({
  kind: 'cancelled',
  message: t('{0}: the run was cancelled', name),
});

/** Of a run that did not end when its time was over. */
export const overdue = (name: string): StressFailure => ({
  kind: 'killed',
  message: t('{0}: the run exceeded its time limit and was killed', name),
});

/** Why a plan is missing that was not made in time. `seconds`: its limit. */
export const overduePlan = (seconds: number): string =>
  t(
    'planning took longer than {0} s and was stopped; raise wasmHazards.analysis.seconds, or write a scenario file',
    seconds,
  );

/** Why code is missing that was not written in time. */
export const overdueWrapper = (seconds: number): string => t('it took longer than {0} s', seconds);
