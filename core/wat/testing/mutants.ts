/** For tests: texts of modules with a few edits, most of which break something. */
import type { Random } from '../../testing/random.ts';

/** What mutations insert: pieces of the format, and characters that it does not allow. */
const PIECES: readonly string[] = [
  '(',
  ')',
  '((',
  '))',
  '"',
  '\\',
  '$',
  '$"',
  ';',
  ';;',
  '(;',
  ';)',
  '(@',
  '(@x ',
  ' ',
  '\n',
  '\r',
  '\t',
  '\0',
  '(func ',
  '(func\n',
  '\n(func $f ',
  '(module ',
  '(export "',
  '(then',
  '(else',
  'end',
  'if',
  'block $l',
  '(type',
  '(param',
  '(import "a" "b"',
  '(elem',
  '(rec (type',
  '(memory 1',
  '0x',
  '-',
  'i32.',
  '😀',
  '\ud83d',
  '\ufeff',
  'é',
  ',',
  '(assert_return',
];

/** A text with up to four edits. */
export function textMutant(text: string, next: Random): string {
  let mutated = text;
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(mutated.length + 1);
    const to = Math.min(mutated.length, at + next(1 + next(60)));
    const piece = PIECES[next(PIECES.length)];
    switch (next(6)) {
      case 0:
        mutated = mutated.slice(0, at) + mutated.slice(to);
        break;
      case 1:
        mutated = mutated.slice(0, at);
        break;
      case 2:
        mutated = mutated.slice(0, to) + mutated.slice(at, to) + mutated.slice(to);
        break;
      case 3: {
        const paren = mutated.slice(at).search(/[()]/);
        if (paren < 0) break;
        const flipped = mutated[at + paren] === '(' ? ')' : '(';
        mutated = mutated.slice(0, at + paren) + flipped + mutated.slice(at + paren + 1);
        break;
      }
      default:
        mutated = mutated.slice(0, at) + piece + mutated.slice(at);
    }
  }
  return mutated;
}
