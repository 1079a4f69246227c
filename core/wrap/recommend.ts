/** Which kind of wrapper fits a module, from what its exports do. */

import type { ExportClass } from '../analysis/model.ts';
import { t } from '../text/l10n.ts';
import type { WrapKind } from './template.ts';

/** The kind of wrapper to offer first. */
export interface Recommendation {
  kind: WrapKind;
  /** Why, one sentence. */
  why: string;
}

/** `classes`: exports of each class. */
export function recommendedKind(classes: Readonly<Record<ExportClass, number>>): Recommendation {
  const changing = classes.stateful + classes.grows;
  if (changing > 0) {
    const why = changing === 1 ? t('1 export changes state.') : t('{0} exports change state.', changing);
    return { kind: 'mutex', why };
  }
  if (classes['host-dependent'] > 0)
    return { kind: 'pool', why: t('No export changes state; host functions stay shared.') };
  if (classes.synchronised > 0) return { kind: 'test', why: t('The exports synchronise by themselves.') };
  return { kind: 'pool', why: t('No export changes state.') };
}

/** What the remedies in the advice of stress runs recommend; undefined if they do not decide it. */
export function recommendedByRuns(remedies: ReadonlySet<string>): Recommendation | undefined {
  if (remedies.has('mutex'))
    return { kind: 'mutex', why: t('Stress tests found calls that must not run concurrently.') };
  if (remedies.has('pool'))
    return { kind: 'pool', why: t('The advice from the stress tests is an instance for each caller.') };
  return undefined;
}
