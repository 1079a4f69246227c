/** Advice, each with what it follows from and how it was checked. */

import type { Advice } from '../../advice/advice.ts';
import { plural } from '../../text/phrases.ts';
import { printable } from '../printable.ts';
import { wrap } from './style.ts';
import { columnsOf, type TextForm } from './textForm.ts';

/** Pieces of advice in the short form, those of one kind, and evidence for each. */
const MAX_ADVICE = 8;
const MAX_ALIKE = 3;
const MAX_EVIDENCE = 1;
type Form = Pick<TextForm, 'full' | 'columns'>;

/** Characters of a sentence: the names in it are bounded, calls are not. */
const MAX_SENTENCE = 800;

export function adviceText(all: readonly Advice[], form: Form): string[] {
  if (all.length === 0) return [];
  const advices = printable(form.full ? all : foremost(all), MAX_SENTENCE);
  const said = new Set<string>();
  const lines = advices.flatMap((advice) => oneText(advice, said, form));
  const left = all.length - advices.length;
  return ['  Advice:', ...lines, ...(left > 0 ? [`    and ${plural(left, 'more piece')}; --full lists them`] : []), ''];
}

/** The first pieces, not too many of any kind. */
function foremost(all: readonly Advice[]): Advice[] {
  const alike = new Map<string, number>();
  const kept = all.filter(({ remedy }) => {
    const count = (alike.get(remedy) ?? 0) + 1;
    alike.set(remedy, count);
    return count <= MAX_ALIKE;
  });
  return kept.slice(0, MAX_ADVICE);
}

/** The advice about a whole module, to stand alone; empty where there is none. */
export function adviceBlock(all: readonly Advice[], { full }: Pick<TextForm, 'full'>, columns?: number): string {
  const lines = adviceText(all, { full, columns: columnsOf(columns) }).slice(0, -1);
  return lines.map((line) => `${line.replace(/^ {2}/, '')}\n`).join('');
}

/** Evidence that stands above already is not repeated. */
function oneText({ remedy, text, because, checked }: Advice, said: Set<string>, form: Form): string[] {
  const shown = because.slice(0, form.full ? because.length : MAX_EVIDENCE).map((evidence) => evidence.text);
  const fresh = shown.filter((evidence) => !said.has(evidence));
  for (const evidence of fresh) said.add(evidence);
  const reasons = fresh.length > 0 ? fresh.map((evidence) => `because: ${evidence}`) : ['because of the same'];
  return [
    ...indented(4, `${remedy}: ${text}`, form),
    ...reasons.flatMap((reason) => indented(6, reason, form)),
    ...indented(6, checked.by === 'nothing' ? checked.text : `checked ${checked.text}`, form),
  ];
}

/** A sentence whose further lines stand two further to the right. */
function indented(by: number, text: string, { columns }: Pick<TextForm, 'columns'>): string[] {
  const [first, ...more] = wrap(text, Math.max(columns - by - 2, 20));
  return [`${' '.repeat(by)}${first}`, ...more.map((line) => `${' '.repeat(by + 2)}${line}`)];
}
