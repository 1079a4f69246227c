/** Questions to a finished `WatDocument`: what stands at an offset, what a name means. */
import { type WatDocument, type WatFunction, type WatItem, type WatLocal, type WatModule } from '../model.ts';
/** Token that contains the character at `offset`, or -1: white space, a comment, an annotation. */
export declare function tokenAt({ tokens }: Pick<WatDocument, 'tokens'>, offset: number): number;
/** Instruction that the token at `offset` belongs to, as an index into `instructions`, or -1. */
export declare function instructionAt(doc: Pick<WatDocument, 'tokens' | 'instructions'>, offset: number): number;
export declare function moduleAt({ modules }: Pick<WatDocument, 'modules'>, offset: number): WatModule | undefined;
/** Number of imports in an index space: the index of its first own item. */
export declare const importedCount: (items: readonly WatItem[]) => number;
/** Defined function of `module` whose form contains `offset`. */
export declare function functionAt({ funcs }: WatModule, offset: number): WatFunction | undefined;
/** Parameter or local that `text`, `$id` or a number, names; undefined for parameters that only the type has. */
export declare function localIn(func: WatFunction, text: string): WatLocal | undefined;
/** Name of the label that is written right behind a mnemonic token, if any. */
export declare function labelOf(
  { text, tokens }: Pick<WatDocument, 'text' | 'tokens'>,
  mnemonic: number,
): string | undefined;
