/**
 * What the debug information of a module says: the source lines, variables and functions behind its bytes. Every
 * question is answered from the bytes at hand; nothing is opened or fetched, and no name is made up. Names and paths
 * are those of the build, as they were written: whoever shows them makes them harmless first.
 */

/** A place in the source that a module was compiled from. */
export interface SourceLine {
  /** Path as the build wrote it, absolute where the build says from where. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; undefined where only the line is known. */
  readonly column?: number;
  /** Name of the function that the line belongs to: of the inlined one if the code was inlined. */
  readonly function?: string;
  /**
   * Where the function was inlined: the places of the calls, innermost first; the last one is in the function that the
   * code really belongs to. Undefined if nothing was inlined.
   */
  readonly inlined?: readonly SourceLine[];
}

/** A variable with an address of its own. */
export interface SourceVariable {
  /** In the spelling of its language: `counter`, `counter::COUNTER`, `main.hits`, `bump::calls` (static in `bump`). */
  readonly name: string;
  /** The member or element at the address that was asked for: `.count`, `[3]`, `.slots[3]`; empty if there is none. */
  readonly path: string;
  /** Type of the whole variable, as its language writes it: `int[8]`, `[u32; 8]`. Undefined where it is not simple. */
  readonly type?: string;
  /** Its first address. */
  readonly start: number;
  /** In bytes; undefined if the debug information does not say. */
  readonly size?: number;
  /** Each thread has a copy. `start` is then the address of the copy of the first thread. */
  readonly threadLocal?: true;
  /** Where it is declared: path as the build wrote it, line from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** A function of the source. */
export interface SourceFunction {
  /** In the spelling of its language. */
  readonly name: string;
  /** Where it is declared: path as the build wrote it, line from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** What is wrong with the debug information; the rest of it is used. */
export interface DebugProblem {
  readonly message: string;
  /** Name of the section, such as `.debug_info`, or of the file. */
  readonly section: string;
  /** Byte offset in the contents of the section. */
  readonly offset: number;
}

/** Which kind of information answers. */
export type DebugOrigin = 'dwarf' | 'source-map' | 'symbols' | 'none';

/**
 * The debug information of one module. Nothing is read before the first question, and no method throws: what cannot be
 * read is unknown, and `problems` says why.
 */
export interface DebugInfo {
  readonly origin: DebugOrigin;
  /** The source line of the instruction at a byte offset of the `.wasm` file. */
  placeOf(offset: number): SourceLine | undefined;
  /** The variable that an address lies in; `memory` is the index of the memory, 0 if not given. */
  variableAt(address: number, memory?: number): SourceVariable | undefined;
  /** The source of a function, by its index in the function index space. */
  functionAt(index: number): SourceFunction | undefined;
  /** Byte offsets of the instructions of a source line, ascending. `file` is a path as `files` gives it. */
  offsetsOf(file: string, line: number): readonly number[];
  /** The source files that the module was compiled from, sorted; paths as the build wrote them. */
  files(): readonly string[];
  /** What was found wrong so far. */
  problems(): readonly DebugProblem[];
}
