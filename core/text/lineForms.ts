/** The form around a token: the parentheses or the plain instruction that contain it. */

import { MNEMONIC } from '../wasm/instructions.ts';
import type { LineToken } from './lineTokens.ts';

/** A parenthesised form or a plain instruction, with its arguments. */
export interface Form {
  /** First word of the parentheses, or the mnemonic of a plain instruction; undefined before any word. */
  head: LineToken | undefined;
  /** Words and strings after the head, without those in inner parentheses. */
  args: LineToken[];
  /** Heads of the enclosing parentheses, innermost first. */
  parents: string[];
}

const MNEMONICS: ReadonlySet<string> = new Set(MNEMONIC.filter((mnemonic) => mnemonic !== undefined));

/** Whether a word is the mnemonic of an instruction. */
export const isMnemonicWord = (word: string): boolean => MNEMONICS.has(word);

/**
 * Innermost form that contains `token`, with all of its arguments, including those after the token. For an opening
 * parenthesis it is the form that begins there.
 */
export function formOf(tokens: readonly LineToken[], token: LineToken): Form {
  const open: Form[] = [{ head: undefined, args: [], parents: [] }];
  let found: Form | undefined;
  let depth = 0;
  for (const next of tokens) {
    if (next.kind === 'comment') continue;
    if (next.kind === 'open') {
      const outer = open[open.length - 1];
      open.push({ head: undefined, args: [], parents: outer.head ? [outer.head.text, ...outer.parents] : [] });
    } else if (next.kind !== 'close') {
      // A plain instruction ends the one before it on the same level.
      if (next.kind === 'word' && isMnemonicWord(next.text) && !isArgument(open[open.length - 1])) {
        if (open[open.length - 1] === found && next !== token) return found;
        open[open.length - 1] = { head: next, args: [], parents: open[open.length - 1].parents };
      } else add(open[open.length - 1], next);
    }
    if (next === token) {
      found = open[open.length - 1];
      depth = open.length;
    }
    if (next.kind === 'close' && open.length > 1) {
      open.pop();
      if (found !== undefined && open.length < depth) return found;
    }
  }
  return found ?? open[0];
}

/** Whether words in a form are arguments rather than instructions: `(elem func $f)`, `(export "f" (func $f))`. */
const isArgument = (form: Form): boolean =>
  form.head !== undefined && !isMnemonicWord(form.head.text) && form.head.text !== 'func';

function add(form: Form, token: LineToken): void {
  if (form.head === undefined) form.head = token;
  else form.args.push(token);
}
