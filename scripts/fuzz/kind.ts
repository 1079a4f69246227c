/** What a kind of fuzzing is: how its inputs are made, what must hold for any of them, and how they get smaller. */
import type { Random } from '../../core/testing/random.ts';

/** Names of the kinds, as `--only` takes them. */
export type FuzzKindId = 'module' | 'text' | 'debug' | 'scenario' | 'protocol' | 'session';

/** Every input is a file: bytes of a module, a text, or JSON. */
export interface FuzzKind {
  id: FuzzKindId;
  /** File extension of inputs, without a dot. */
  extension: string;
  /** Whether the code under test runs in this thread, so that its coverage can guide. */
  isGuided: boolean;
  /** What mutants are made of, in a fixed order: an input is identified by seed and number. The corpus comes on top. */
  seeds(): Promise<Uint8Array[]>;
  /** An input that no seed is behind; undefined where there are only mutants. */
  generate?(next: Random): Promise<Uint8Array>;
  /** A mutant of `input`. Never throws, whatever `input` is. */
  mutate(input: Uint8Array, next: Random): Uint8Array;
  /** What is wrong with the product's answer to the input, in a sentence; undefined if nothing is. Never throws. */
  check(input: Uint8Array): Promise<string | undefined>;
  /** Smaller inputs to try instead of one that failed, the smallest first. */
  smaller(input: Uint8Array): Iterable<Uint8Array>;
  /** Ends what `check` has started. */
  dispose?(): Promise<void>;
}

/** The stack of an error, or what was thrown. */
export const stackOf = (error: unknown): string => String(error instanceof Error ? (error.stack ?? error) : error);
