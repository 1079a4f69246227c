/** Advice, each with what it follows from and how it was checked. */

import type { Advice } from '../../advice/advice.ts';
import { plural } from '../../text/phrases.ts';
import { printable } from '../printable.ts';
import { wrap } from './style.ts';
import { columnsOf, type TextForm } from './textForm.ts';

/** Limits of the short form: pieces of advice, pieces with the same remedy, evidence for each. */
const MAX_ADVICE = 8;
const MAX_ALIKE = 3;
const MAX_EVIDENCE = 1;
type Form = Pick<TextForm, 'full' | 'columns'>;

/** Most characters of a sentence. Names in it are bounded, but calls are not. */
const MAX_SENTENCE = 800;

/** Advice about the calls of one result, with a heading. */
export function adviceText(all: readonly Advice[], form: Form): string[] {
  if (all.length === 0) return [];
  const advices = printable(form.full ? all : foremost(all), MAX_SENTENCE);
  const said = new Set<string>();
  const lines = advices.flatMap((advice) => oneText(advice, said, form));
  const left = all.length - advices.length;
  return ['  Advice:', ...lines, ...(left > 0 ? [`    and ${plural(left, 'more item')}; --full lists them`] : []), ''];
}

/** The first pieces, at most a few with the same remedy. */
function foremost(all: readonly Advice[]): Advice[] {
  const alike = new Map<string, number>();
  const kept = all.filter(({ remedy }) => {
    const count = (alike.get(remedy) ?? 0) + 1;
    alike.set(remedy, count);
    return count <= MAX_ALIKE;
  });
  return kept.slice(0, MAX_ADVICE);
}

/** Advice about a whole module as a block of its own; empty if there is none. */
export function adviceBlock(all: readonly Advice[], { full }: Pick<TextForm, 'full'>, columns?: number): string {
  const lines = adviceText(all, { full, columns: columnsOf(columns) }).slice(0, -1);
  return lines.map((line) => `${line.replace(/^ {2}/, '')}\n`).join('');
}

/** One piece. Evidence that was printed above is not repeated. */
function oneText({ remedy, text, because, checked }: Advice, said: Set<string>, form: Form): string[] {
  const shown = because.slice(0, form.full ? because.length : MAX_EVIDENCE).map((evidence) => evidence.text);
  const fresh = shown.filter((evidence) => !said.has(evidence));
  for (const evidence of fresh) said.add(evidence);
  const reasons =
    fresh.length > 0 ? fresh.map((evidence) => `because: ${evidence}`) : ['because: same evidence as above'];
  return [
    ...indented(4, `${remedy}: ${text}`, form),
    ...reasons.flatMap((reason) => indented(6, reason, form)),
    ...indented(6, checked.by === 'nothing' ? checked.text : `checked ${checked.text}`, form),
  ];
}

/** A sentence in lines; all but the first are indented by two more. */
function indented(by: number, text: string, { columns }: Pick<TextForm, 'columns'>): string[] {
  const [first, ...more] = wrap(text, Math.max(columns - by - 2, 20));
  return [`${' '.repeat(by)}${first}`, ...more.map((line) => `${' '.repeat(by + 2)}${line}`)];
}
