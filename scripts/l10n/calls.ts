/**
 * The texts of the product that are translated, read from its sources: the literals in `t('...')`, `l10n.t('...')`,
 * `message('...')` and `plural(count, '...')`.
 */

import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ROOT } from '../paths.ts';
import { maskCode } from '../structure/maskCode.ts';

/** A text in English, and where the source says it. */
export interface TextInSource {
  readonly text: string;
  /** `path:line`, relative to the root. */
  readonly place: string;
}

/** Texts of sources, and calls of which the text cannot be read. */
export interface SourceTexts {
  readonly texts: readonly TextInSource[];
  /** One sentence each, with the place. */
  readonly faults: readonly string[];
}

/**
 * Sources whose texts people see in the editor. The command line speaks English, and so does generated code: a team
 * reads it, in no one's language in particular.
 */
const SOURCES = ['client/src/**/*.ts', 'server/src/**/*.ts', 'core/**/*.ts', 'node/**/*.ts', 'view/src/**/*.{ts,tsx}'];
const NOT_SHOWN =
  /\.test\.tsx?$|\/testing\/|^core\/wrap\/(?!(?:recommend|signature|surface|wrapper)\.ts$)|^core\/text\/l10n\.ts$/;

/** Paths of the sources whose texts people see, relative to the root. */
export function shownSources(): string[] {
  const paths = globSync(SOURCES, { cwd: ROOT }).map((path) => path.split(sep).join('/'));
  return paths.filter((path) => !NOT_SHOWN.test(path)).sort();
}

/** Texts of all sources of the product. */
export function readTexts(): SourceTexts {
  const all = shownSources().map((path) => textsOf(path, readFileSync(join(ROOT, path), 'utf8')));
  return { texts: all.flatMap(({ texts }) => texts), faults: all.flatMap(({ faults }) => faults) };
}

const CALL = /(?<![\w$]|(?<!\.\.)\.)(l10n\.t|t|message|plural)\(/g;
const IMPORTED: Readonly<Record<string, RegExp>> = {
  'l10n.t': /import \{[^}]*\bl10n\b[^}]*\} from\s*'vscode'/,
  t: /import \{[^}]*\bt\b[^}]*\} from\s*'[./\w]*\bl10n\.ts'/,
  message: /import \{[^}]*\bmessage\b[^}]*\} from\s*'[./\w]*\bl10n\.ts'/,
  plural: /import \{[^}]*\bplural\b[^}]*\} from\s*'[./\w]*\bphrases\.ts'/,
};

/** Texts of one source; `path` is for the places. */
export function textsOf(path: string, source: string): SourceTexts {
  const texts: TextInSource[] = [];
  const faults: string[] = [];
  const names = Object.keys(IMPORTED).filter((name) => IMPORTED[name].test(source));
  if (names.length === 0) return { texts, faults };
  const code = maskCode(source);
  for (const match of code.matchAll(CALL)) {
    const [, name] = match;
    if (!names.includes(name)) continue;
    const place = `${path}:${source.slice(0, match.index).split('\n').length}`;
    const args = argumentsAt(source, code, match.index + match[0].length);
    if (name === 'plural') {
      const nouns = [...literalsIn(args[1] ?? { text: '', code: '' })];
      if (nouns.length === 0) faults.push(`${place}: the noun of plural(...) is no literal`);
      for (const noun of nouns) texts.push({ text: `{0} ${noun}s`, place });
      continue;
    }
    const text = literalOf(args[0]?.text ?? '');
    if (text === undefined) {
      faults.push(`${place}: the first argument of ${name}(...) is not one literal`);
      continue;
    }
    texts.push({ text, place });
    const given = args.length - 1;
    if (name === 'message' || args.some(({ code }) => code.trim().startsWith('...'))) continue;
    const wanted = placeholdersOf(text);
    if (wanted.length !== given || wanted.some((number, i) => number !== i))
      faults.push(`${place}: ${given} arguments for the placeholders of ${JSON.stringify(text)}`);
  }
  return { texts, faults };
}

/** Numbers of the placeholders of a text, each once, in order. */
export const placeholdersOf = (text: string): number[] =>
  [...new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number)))].sort((a, b) => a - b);

interface Piece {
  readonly text: string;
  /** The same without the contents of strings. */
  readonly code: string;
}

/** The arguments of a call whose parenthesis opens before `from`. */
function argumentsAt(source: string, code: string, from: number): Piece[] {
  const found: Piece[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < code.length; at++) {
    const char = code[at];
    if ('([{'.includes(char)) depth++;
    const ends = char === ')' && depth === 0;
    if (ends || (char === ',' && depth === 0)) {
      const piece = { text: source.slice(start, at), code: code.slice(start, at) };
      if (piece.code.trim() !== '') found.push(piece);
      start = at + 1;
    }
    if (ends) break;
    if (')]}'.includes(char)) depth--;
  }
  return found;
}

const LITERAL = /^(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.|\$(?!\{))*)`)$/s;

/** The value of a piece of code that is one literal without parts in `${}`; undefined for any other. */
function literalOf(text: string): string | undefined {
  const match = LITERAL.exec(text.trim());
  if (match === null) return undefined;
  const escaped = match[1] ?? match[2] ?? match[3];
  return escaped.replaceAll(/\\(.)/gs, (_, char: string) => ({ n: '\n', t: '\t' })[char] ?? char);
}

/** Values of all string literals in a piece of code, such as those of both ways of a condition. */
function* literalsIn({ text, code }: Piece): Generator<string> {
  for (const { index, 0: found } of code.matchAll(/'[^']*'/g)) {
    const before = code.slice(0, index).trimEnd();
    // What is compared is not shown.
    if (/[=!]==?$/.test(before)) continue;
    const literal = literalOf(text.slice(index, index + found.length));
    if (literal !== undefined) yield literal;
  }
}
