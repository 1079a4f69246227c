/** The comment at the top of generated code. */

import { moduleVerdict } from '../analysis/verdict/moduleVerdict.ts';
import { type CommentStyle, commentLines, nameInComment } from '../harmless/code.ts';
import { STATIC_EVIDENCE } from './evidence.ts';
import type { LeftOut } from './surface.ts';
import { bindingsAdvice } from './usage.ts';
import type { WrapInput } from './wrapInput.ts';

/** Items of a list that are named. */
const MAX_LISTED = 10;

/** Lines of comment: `title`, the evidence, `more` and what callers have to know, what is missing. */
export function header(input: WrapInput, title: string, more: readonly string[] = [], style?: CommentStyle): string[] {
  const { evidence, note, surface, warnings } = input;
  const paragraphs = [
    [title],
    verdictLines(input),
    [...evidence],
    note === undefined ? [] : [note],
    ...warnings.map((line) => [line]),
    ...[...more, ...bindingsAdvice(input)].map((line) => [line]),
    leftOutLines('Omitted', surface.leftOut),
    leftOutLines('Define these yourself, or the module cannot be instantiated', surface.importsLeftOut),
  ].filter((lines) => lines.length > 0);
  return commentLines(
    paragraphs.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])),
    '',
    style,
  );
}

/**
 * What the static analysis says of the module as a whole; what to do about it is what the code does. Nothing where runs
 * are the evidence: they have shown more.
 */
function verdictLines({ module, analysis, evidence }: WrapInput): string[] {
  if (!evidence[0]?.startsWith(STATIC_EVIDENCE)) return [];
  const { headline, state, sequences } = moduleVerdict(module, analysis);
  const steps = sequences.map((one) => one.steps);
  return [`${headline} ${state}`, ...(steps.length > 0 ? [`Calls that belong together: ${steps.join('; ')}.`] : [])];
}

function leftOutLines(title: string, items: readonly LeftOut[]): string[] {
  if (items.length === 0) return [];
  const lines = items.slice(0, MAX_LISTED).map(({ name, why }) => `- ${nameInComment(name)}: ${why}`);
  const rest = items.length - MAX_LISTED;
  return [`${title}:`, ...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])];
}
