/** What the templates ask of a runtime's C API. All texts end with a line end; names begin with the prefix of the file. */
import type { NumType } from '../signature.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { CNames } from './names.ts';

/** Types of C for values of a module. */
export const C_TYPES: Readonly<Record<NumType, string>> = {
  i32: 'int32_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
};

/** One letter a type, as in WAMR's signatures. */
export const LETTERS: Readonly<Record<NumType, string>> = { i32: 'i', i64: 'I', f32: 'f', f64: 'F' };

/** A runtime with an API in C. */
export interface CRuntime {
  /** For a title: `Wasmtime's C API`. */
  label: string;
  /** Its header, in angle brackets. */
  header: string;
  /** What the code is written for, and how it is built, sentences. */
  advice(input: WrapInput, kind: string): string[];
  /** Members of the structure of options, with their comments. */
  options(input: WrapInput, names: CNames): string;
  /** Memory 0 can be read and written. */
  memory(input: WrapInput): boolean;
  /** Types and functions: a source of instances, `P_source_open`, `P_source_close`; `P_instance_new`, `P_instance_delete`. */
  implementation(input: WrapInput, names: CNames, kind: string): string;
  /** The input without what the runtime cannot express. */
  adapted(input: WrapInput): WrapInput;
  /** Statements that make the common memory of a source new, while it has no instance, and answer a status. */
  renewed(source: string, names: CNames): string;
  /** Whether a lock that is reset links the module anew: `P_linked`, `P_source_link`, `P_linked_free`. */
  renews(input: WrapInput): boolean;
  /** The statement that counts a tick of a source, after which calls end; undefined where calls cannot be ended. */
  tick: ((source: string) => string) | undefined;
  /** Whether a thread must be announced to the runtime: `P_attach`, `P_detach`. */
  attach: boolean;
  /** How one instance is called without a lock, for a test that shows what happens then; a sentence. */
  unsafe: string;
  /** Statements of `main` before everything else and at its end. */
  start(names: CNames): { before: string; after: string };
}
