/** Whether the comments of generated code contradict the advice that they are made from. */
import type { Advice } from '../../advice/advice.ts';
import type { Analysis } from '../../analysis/model.ts';
import { nameInComment } from '../../harmless/code.ts';
import { exportLabel } from '../../wasm/displayNames.ts';

const WITHOUT_LOCK = /may be called without the lock, through \w+: (.*?)(?: and \d+ more)?\. /;

/** The contradictions in the text of one wrapper, a sentence each. */
export function contradictionsInCode(text: string, advices: readonly Advice[], analysis: Analysis): string[] {
  const found: string[] = [];
  // Comments are broken into lines.
  const flat = text.replace(/\n\s*(\/\/[/!]?|\*)? ?/g, ' ');
  const free = WITHOUT_LOCK.exec(flat)?.[1].split(', ') ?? [];
  // Of one instance on one thread: the code has an instance for each thread, whose calls nothing suspends.
  const restricted = (analysis.model === 'cooperative' ? [] : advices).filter(
    ({ remedy }) => remedy === 'mutex' || remedy === 'fix' || remedy === 'atomics',
  );
  for (const { exports, text: advice } of restricted)
    for (const name of exports)
      if (free.includes(nameInComment(exportLabel({ name })))) found.push(`${name} without the lock, and: ${advice}`);
  const conflicting = analysis.exports.filter(({ conflictCount }) => conflictCount > 0);
  if (/No conflicts found under/.test(flat) && conflicting.length > 0)
    found.push(`no conflicts found, and ${conflicting.length} exports conflict`);
  if (/every export conflicts/i.test(flat) && conflicting.length < analysis.exports.length)
    found.push('every export conflicts, and some do not');
  return found;
}
