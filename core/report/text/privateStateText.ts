/** A module that is not built for an instance per thread: what instances answer, beside what one does. */
import type { StressResult } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { privateStateSentence } from '../verdicts.ts';
import { labelled, type TextForm } from './textForm.ts';

/** The same order of calls on one instance and on separate ones; empty if the result has no such difference. */
export function privateStateText({ privateState, scenario }: StressResult, form: TextForm): string[] {
  if (privateState === null) return [];
  const { order, one, several } = privateState;
  const told = ({ results, probe }: typeof one): string =>
    [
      ...results.map((list, i) => `${callerName(i)} ${list.join(', ')}`),
      ...(probe.length > 0 ? [`then ${scenario.probe.map(stepText).join('; ')} ${probe.join(', ')}`] : []),
    ].join(' | ');
  return [
    ...labelled('Not built for an instance per thread', privateStateSentence(privateState), form),
    ...labelled(`  order ${order} on one instance`, told(one), form),
    ...labelled(`  order ${order} on separate instances`, told(several), form),
    '',
  ];
}
