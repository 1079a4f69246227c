/** What a language offers: a template for each kind of wrapper. */

import type { WrapInput } from './wrapInput.ts';

/** `pool`: an instance for each caller. `mutex`: one instance, one caller at a time. `test`: many callers at once. */
export type WrapKind = 'pool' | 'mutex' | 'test';
/** All kinds; every language has a template for each. */
export const WRAP_KINDS: readonly WrapKind[] = ['pool', 'mutex', 'test'];

/** One kind of wrapper in one language. */
export interface WrapTemplate {
  /** The whole text of the file. For every module it compiles, and the language's formatter leaves it as it is. */
  write(input: WrapInput): string;
  /** Whether it also writes code with asynchronous calls. */
  hasAsync?: true;
  /** File name, from the module's name in snake case. */
  file(base: string): string;
}

/** A template for each kind, none left out. */
export type LanguageTemplates = Readonly<Record<WrapKind, WrapTemplate>>;
