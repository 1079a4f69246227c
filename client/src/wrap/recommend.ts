/** Which kind of wrapper fits a module, from what its exports do. */
import type { ExportClass } from '../../../server/src/analysis/model.ts';
import type { WrapKind } from './wrapper.ts';

export interface Recommendation {
  kind: WrapKind;
  /** Why, one sentence. */
  why: string;
}

/** `classes`: exports of each class. */
export function recommendedKind(classes: Readonly<Record<ExportClass, number>>): Recommendation {
  const changing = classes.stateful + classes.grows;
  if (changing > 0) {
    const exports = changing === 1 ? '1 export changes' : `${changing} exports change`;
    return { kind: 'mutex', why: `${exports} the state of an instance, and calls may need to see what others did.` };
  }
  if (classes['host-dependent'] > 0)
    return { kind: 'pool', why: 'The exports keep no state of their own; what the host functions share stays shared.' };
  if (classes.synchronised > 0)
    return { kind: 'test', why: 'The exports synchronise by themselves: a test shows whether that holds.' };
  return { kind: 'pool', why: 'No export changes the state of an instance: any instance is as good as another.' };
}
