/** Advice as plain sentences, one a line: for comments in code that is generated from it. */
import { replaceUnseen } from '../harmless/invisible.ts';
import { shorten } from '../harmless/names.ts';
import type { Advice } from './advice.ts';

/** Lines at most, and characters of one. */
const MAX_LINES = 24;
const MAX_LENGTH = 600;

/**
 * One line for each piece of advice: what to do, why, and how it was checked. At most 24 lines of 600 characters,
 * without control characters, line breaks, or anything that ends a comment.
 */
export function evidenceLines(advices: readonly Advice[]): string[] {
  const lines = advices.map(({ text, because, checked }) => {
    const how = checked.by === 'nothing' ? 'Not checked by running.' : `Checked ${checked.text}.`;
    return `${text} Because: ${because.map((one) => one.text).join('; ')}. ${how}`;
  });
  const unique = [
    ...new Set(lines.map((line) => shorten(replaceUnseen(line, () => ' ').replaceAll('*/', '* /'), MAX_LENGTH))),
  ];
  if (unique.length <= MAX_LINES) return unique;
  return [
    ...unique.slice(0, MAX_LINES - 1),
    `And ${unique.length - MAX_LINES + 1} more lines of evidence in the report.`,
  ];
}
