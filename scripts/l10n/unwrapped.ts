/**
 * Texts that are shown and not translated: string literals, template literals and texts of JSX elements that read like
 * a part of a sentence and are no argument of `t`, `l10n.t`, `message` or `plural`. What stays English on purpose is
 * named in `english.ts`, with the reason.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { maskCode } from '../structure/maskCode.ts';
import { shownSources } from './calls.ts';

/** A literal that reads like a sentence. */
export interface Unwrapped {
  /** What it says, with `{}` for each `${}`. */
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Where it starts, counted from 1. */
  readonly line: number;
  /** The code before it, without contents of strings, on as many lines as the statement has. */
  readonly before: string;
}

/** Two words beside each other, or a value and a word: `no module`, `{} exports`, `Cancelled: {}`. */
const READS_LIKE_A_SENTENCE =
  /(?:\{\}|[A-Za-z]['’A-Za-z-]*[A-Za-z])[`,.:;?]* (?:[a-z][a-z'’-]+|\{\})|[a-z]{2,} [a-z]\b/;
/** Words that are no sentence without one of these: `{} {}`, `{} (func`. */
const HAS_A_WORD = /(?:^|[\s(])[A-Za-z][a-z'’-]+(?=$|[\s.,:;?)])/;
const CALLED = /(?:^|\.\.\.|[^.\w$])((?:\w+\.)?\w+)$/;
const TRANSLATES = new Set(['l10n.t', 't', 'message']);
/** How far before a literal its call begins at most. */
const FARTHEST = 2000;

/** Those of all sources of the product, by path. */
export const allUnwrapped = (): Map<string, Unwrapped[]> =>
  new Map(
    shownSources().map((path) => [path, unwrappedTexts(readFileSync(join(ROOT, path), 'utf8'), path.endsWith('x'))]),
  );

/** All of a source, in order. */
export function unwrappedTexts(source: string, isJsx = false): Unwrapped[] {
  const code = maskCode(source);
  const found = [...literals(source, code)].filter(
    ({ start, end }) => !isTranslated(code, start) && !isName(code, start, end),
  );
  if (isJsx) found.push(...jsxTexts(source, code));
  return found
    .sort((a, b) => a.start - b.start)
    .filter(({ text }) => READS_LIKE_A_SENTENCE.test(text) && HAS_A_WORD.test(text.replaceAll('{}', ' ')))
    .map(({ text, start }) => ({
      text,
      start,
      line: source.slice(0, start).split('\n').length,
      before: statementBefore(code, start),
    }));
}

interface Literal {
  readonly text: string;
  readonly start: number;
  /** Offset of its last character. */
  readonly end: number;
}

/** String and template literals; of a template in a template both. */
function* literals(source: string, code: string): Generator<Literal> {
  for (let at = 0; at < code.length; at++) {
    const char = code[at];
    if (char === "'" || char === '"') {
      const end = code.indexOf(char, at + 1);
      if (end < 0) return;
      yield { text: source.slice(at + 1, end), start: at, end };
      at = end;
    } else if (char === '`') {
      const { text, end, inner } = template(source, code, at);
      yield { text, start: at, end };
      for (const [from, to] of inner)
        for (const each of literals(source.slice(from, to), code.slice(from, to)))
          yield { text: each.text, start: each.start + from, end: each.end + from };
      at = end;
    }
  }
}

/** A template literal that starts at `start`: its text, the offset of its last character, and the code in it. */
function template(source: string, code: string, start: number) {
  let text = '';
  const inner: [number, number][] = [];
  let at = start + 1;
  while (at < code.length && code[at] !== '`') {
    if (code[at] === '$' && code[at + 1] === '{') {
      const end = endOfBraces(code, at + 2);
      inner.push([at + 2, end]);
      text += '{}';
      at = end + 1;
    } else text += source[at++];
  }
  return { text, end: at, inner };
}

/** Offset of the brace that closes one that opened before `from`; templates in between have braces of their own. */
function endOfBraces(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '{') depth++;
    else if (code[at] === '}' && depth-- === 0) return at;
  }
  return code.length;
}

/** Texts between tags. */
function jsxTexts(source: string, code: string): Literal[] {
  return [...code.matchAll(/(?<=[\w"'}/]>)[^<>{}=;]*[A-Za-z][^<>{}=;]*(?=<)/g)].map(({ 0: text, index }) => ({
    text: source.slice(index, index + text.length).replaceAll(/\s+/g, ' '),
    start: index,
    end: index + text.length - 1,
  }));
}

/** Whether a literal is an argument that `t`, `l10n.t` and `message` translate, the first, or a noun of `plural`. */
function isTranslated(code: string, start: number): boolean {
  let depth = 0;
  let commas = 0;
  for (let at = start - 1; at >= 0 && start - at < FARTHEST; at--) {
    const char = code[at];
    if (char === ')' || char === ']' || char === '}') depth++;
    else if (char === ',' && depth === 0) commas++;
    else if (char === ';' && depth === 0) return false;
    else if (char === '(' || char === '[' || char === '{') {
      if (depth > 0) depth--;
      else {
        const name = char === '(' ? CALLED.exec(code.slice(Math.max(0, at - 40), at))?.[1] : undefined;
        return name !== undefined && (name === 'plural' ? commas === 1 : commas === 0 && TRANSLATES.has(name));
      }
    }
  }
  return false;
}

/** Whether a literal is the name of a property, or is compared with: neither is shown. */
function isName(code: string, start: number, end: number): boolean {
  const before = code.slice(Math.max(0, start - FARTHEST), start).trimEnd();
  return /[=!]==$|\bcase$/.test(before) || (/[{,]$/.test(before) && /^\s*:/.test(code.slice(end + 1, end + 100)));
}

/** Code from the start of the statement, blanks made one. */
function statementBefore(code: string, start: number): string {
  const from = Math.max(code.lastIndexOf(';', start - 1), code.lastIndexOf('\n\n', start - 1), start - 400) + 1;
  return code.slice(from, start).replaceAll(/\s+/g, ' ').trimStart();
}
