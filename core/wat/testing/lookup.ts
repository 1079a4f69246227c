/** For tests: queries on a `WatDocument`: what is at an offset, what a name means. */
import {
  TokenKind,
  type WatDocument,
  type WatFunction,
  type WatItem,
  type WatLocal,
  type WatModule,
} from '../model.ts';
import { numberOf } from '../moduleDraft.ts';
import { nameOfId } from '../strings.ts';

/** Position of the last of `count` ascending numbers that is at most `value`; -1 if all are greater. */
function lastAtMost(count: number, at: (i: number) => number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Token that contains the character at `offset`, or -1: white space, a comment, an annotation. */
export function tokenAt({ tokens }: Pick<WatDocument, 'tokens'>, offset: number): number {
  const token = lastAtMost(tokens.count, (i) => tokens.start[i], offset);
  return token >= 0 && offset < tokens.end[token] ? token : -1;
}

/** Instruction that the token at `offset` belongs to, as an index into `instructions`, or -1. */
export function instructionAt(doc: Pick<WatDocument, 'tokens' | 'instructions'>, offset: number): number {
  const token = tokenAt(doc, offset);
  return token < 0 ? -1 : doc.instructions.ownerOfToken[token];
}

/** Module that contains `offset` of the text; undefined outside all modules. */
export function moduleAt({ modules }: Pick<WatDocument, 'modules'>, offset: number): WatModule | undefined {
  const module = modules[lastAtMost(modules.length, (i) => modules[i].start, offset)];
  return module !== undefined && offset < module.end ? module : undefined;
}

/** Number of imports in an index space: the index of its first defined item. */
export const importedCount = (items: readonly WatItem[]): number =>
  lastAtMost(items.length, (i) => (items[i].imported ? 0 : 1), 0) + 1;

/** Defined function of `module` whose form contains `offset`. */
export function functionAt({ funcs }: WatModule, offset: number): WatFunction | undefined {
  const imported = importedCount(funcs);
  // Defined functions are in the order of the text.
  const d = lastAtMost(funcs.length - imported, (i) => funcs[imported + i].start, offset);
  return d >= 0 && offset < funcs[imported + d].end ? funcs[imported + d] : undefined;
}

/** Parameter or local that `text`, `$id` or a number, means; undefined for parameters that only the type declares. */
export function localIn(func: WatFunction, text: string): WatLocal | undefined {
  const all = [...func.params, ...func.locals];
  if (!text.startsWith('$')) {
    const index = numberOf(text);
    return all.find((local) => local.index === index);
  }
  const name = nameOfId(text, 0, text.length).text;
  return all.find((local) => local.id?.text === name);
}

/** Name of the label after a mnemonic token, if any. */
export function labelOf({ text, tokens }: Pick<WatDocument, 'text' | 'tokens'>, mnemonic: number): string | undefined {
  const next = mnemonic + 1;
  if (next >= tokens.count || tokens.kind[next] !== TokenKind.Id) return undefined;
  return nameOfId(text, tokens.start[next], tokens.end[next]).text;
}
