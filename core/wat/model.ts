/**
 * The result of the tolerant reader of WebAssembly text: plain data without methods, so that it can be passed between
 * threads. Every position is an offset in UTF-16 code units into `WatDocument.text`, every span is `[start, end)`.
 * Nothing here depends on lines or on the binary.
 *
 * The contract with the binary: module-level items are numbered as in the compiled module (imports first in their
 * index spaces), and the n-th entry of a function's instructions is the n-th instruction of its body as
 * `skipInstruction` of `wasm/skip.ts` counts it, `end` and `else` and the last `end` of the body included.
 */
import type { ExternalKind } from '../wasm/module.ts';
import type { Space } from '../wasm/printer/ids.ts';

/** A part `[start, end)` of the text. */
export interface Span {
  start: number;
  end: number;
}

/** Kinds of tokens, values of `Tokens.kind`. Comments and annotations are not tokens. */
export const TokenKind = {
  Open: 0,
  Close: 1,
  /** Keywords, mnemonics, `offset=4`, anything else that consists of identifier characters. */
  Word: 2,
  /** Begins with a digit or with a sign: `0x10`, `-1.5`, `+inf`. (`nan` and `inf` are words.) */
  Number: 3,
  /** `$name` or `$"name"`. */
  Id: 4,
  /** A string with its quotes; an unterminated one ends before the line break. */
  String: 5,
  /** A run of characters that the format does not allow: control characters, `,`, `[`, non-ASCII. */
  Stray: 6,
} as const;

/** Tokens as parallel arrays of `count` entries, in order of the text. */
export interface Tokens {
  count: number;
  /** A value of `TokenKind`. */
  kind: Uint8Array;
  start: Uint32Array;
  end: Uint32Array;
  /** For a word, `opId` of the mnemonic or a value of `Keyword` in words.ts; -1 for unknown words and other tokens. */
  word: Int16Array;
}

/**
 * Instructions of all functions of all modules as parallel arrays of `count` entries, each function is a slice
 * `[first, first + length)` in the order of the binary: operands of a folded instruction come before it.
 */
export interface Instructions {
  count: number;
  /**
   * `opId` of the opcode, or -1 for a mnemonic that is not in the instruction table. For mnemonics with two opcodes
   * (`select`, `ref.test`, `ref.cast`) the immediates decide.
   */
  op: Int16Array;
  /**
   * Span of the mnemonic. For an implicit `end`, the closing parenthesis that implies it; if that is missing too, the
   * empty span where it is expected.
   */
  nameStart: Uint32Array;
  nameEnd: Uint32Array;
  /**
   * Span of the whole expression: mnemonic and immediates; for a folded instruction from its opening
   * to its closing parenthesis, operands and nested instructions included.
   */
  start: Uint32Array;
  end: Uint32Array;
  /**
   * By token: the instruction that it belongs to as mnemonic, immediate or parenthesis, or -1. The closing parenthesis
   * of a folded block belongs to the `end` that it implies.
   */
  ownerOfToken: Int32Array;
}

/** A name without `$` and quotes, with escapes decoded. The span is that of the whole token. */
export interface WatName extends Span {
  text: string;
}

/** A use of an item: its index in the index space, -1 if there is no such item. The span is that of the use. */
export interface WatReference extends Span {
  index: number;
}

/** An entry of an index space. The span is that of the whole form that defines it, `(import ...)` for imports. */
export interface WatItem extends Span {
  space: Space;
  index: number;
  /** The identifier, if it has one. */
  id: WatName | undefined;
  imported: boolean;
  /** Span from the opening parenthesis to the body or the initialiser. */
  header: Span;
}

/**
 * One parameter or local; `index` counts both, parameters first. The span is that of `(param $x i32)`, or of the type
 * alone if the form declares several.
 */
export interface WatLocal extends Span {
  index: number;
  id: WatName | undefined;
  /** Span of its type. */
  type: Span;
}

/** A function of the text. */
export interface WatFunction extends WatItem {
  space: 'func';
  /** The explicit `(type ...)`, if any. */
  type: WatReference | undefined;
  /** Parameters as written. A function with only `(type $t)` has none here; `paramCount` counts those of the type. */
  params: WatLocal[];
  paramCount: number;
  /** Declared locals, whose indices start at `paramCount`. */
  locals: WatLocal[];
  /** Slice of `WatDocument.instructions`; empty for imports. */
  first: number;
  length: number;
  /** Whether something in it could not be read: then ordinals may differ from those of a binary. */
  broken: boolean;
}

/** Limits of a memory or table as written; undefined if omitted. */
export interface WatLimits {
  min: Span | undefined;
  max: Span | undefined;
  shared: Span | undefined;
  /** `i64` or `i32`. */
  address: Span | undefined;
}

/** A memory of the text. */
export interface WatMemory extends WatItem {
  space: 'memory';
  /** All undefined if the contents are given instead: `(memory (data "..."))`. */
  limits: WatLimits;
}

/** A table of the text. */
export interface WatTable extends WatItem {
  space: 'table';
  limits: WatLimits;
}

/** A type of the text. */
export interface WatType extends WatItem {
  space: 'type';
  composite: 'func' | 'struct' | 'array' | undefined;
  /** Number of parameters of a function type, else 0. */
  paramCount: number;
  /** Index of the first type of its recursion group; its own index outside of `rec`. */
  group: number;
}

/** An element or data segment of the text. */
export interface WatSegment extends WatItem {
  space: 'elem' | 'data';
  /** The table or memory, if it is named. */
  target: WatReference | undefined;
}

/** An import, in the order of the binary. The span is that of `(import ...)`, inline ones too. */
export interface WatImport extends Span {
  module: WatName;
  name: WatName;
  kind: ExternalKind;
  /** In the index space of its kind. */
  index: number;
  inline: boolean;
}

/** An export, in the order of the binary. The span is that of `(export ...)`, inline ones too. */
export interface WatExport extends Span {
  name: WatName;
  kind: ExternalKind;
  /** The exported item; for an inline export, the index of the item and the span of the export. */
  target: WatReference;
  inline: boolean;
}

/** One module with text. The span is that of `(module ...)`, or of all fields if that is omitted. */
export interface WatModule extends Span {
  id: WatName | undefined;
  /** Whether there is no `(module ...)` around the fields. */
  bare: boolean;
  types: WatType[];
  funcs: WatFunction[];
  tables: WatTable[];
  memories: WatMemory[];
  globals: WatItem[];
  tags: WatItem[];
  elems: WatSegment[];
  data: WatSegment[];
  imports: WatImport[];
  exports: WatExport[];
  /** The start function; `form` is the span of `(start ...)`. */
  startFunction: (WatReference & { form: Span }) | undefined;
  /** Indices by name; the first one for equal names. */
  names: Record<Space, Map<string, number>>;
  /** Whether no error is known in it. */
  complete: boolean;
}

/** An error in the text; the message has no full stop. */
export interface WatError extends Span {
  message: string;
}

/** A form of a script that is not read, and why: binary and quoted modules, components. */
export interface SkippedForm extends Span {
  what: string;
}

/** A comment `;; wasm-hazards-ignore rule, rule -- reason`. The span is that of the comment. */
export interface IgnoreComment extends Span {
  /** Rule ids as written; none means every rule. */
  rules: WatName[];
  /** Whether it is on a separate line and so applies to what follows. */
  alone: boolean;
}

/** A text as the reader understands it, whatever is wrong with it. */
export interface WatDocument {
  text: string;
  tokens: Tokens;
  instructions: Instructions;
  /** Modules with text, in order, without those inside assertions. */
  modules: WatModule[];
  skipped: SkippedForm[];
  /** In order of their position. */
  errors: WatError[];
  ignores: IgnoreComment[];
}
