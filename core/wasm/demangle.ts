/**
 * Readable forms of mangled symbols (Rust legacy and v0, C++ Itanium), for display only. Pure code cannot load a
 * demangler, so each entry point of the program provides one; without it symbols stay mangled.
 */

let demangler: ((symbol: string) => string) | undefined;

/** Sets the demangler of this thread; see `node/demangler.ts`. */
export function useDemangler(demangle: ((symbol: string) => string) | undefined): void {
  demangler = demangle;
  known.clear();
}

const MANGLED = /^_{1,2}Z|^_R[A-Z]/;
/** Longest symbol that is demangled, in characters. */
const LONGEST = 2000;
/** Back references: each can double the text, so a hostile symbol may consist of nothing else. */
const BACK_REFERENCE = /[STB][0-9A-Za-z]*_/g;
const MOST_BACK_REFERENCES = 24;
const MOST_KNOWN = 50_000;
const known = new Map<string, string>();

/** The readable form of a symbol, or the symbol itself if it is not mangled or too complex. */
export function demangled(symbol: string): string {
  if (demangler === undefined || symbol.length > LONGEST || !MANGLED.test(symbol)) return symbol;
  const before = known.get(symbol);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const intricate = (symbol.match(BACK_REFERENCE)?.length ?? 0) > MOST_BACK_REFERENCES;
  const readable = intricate ? symbol : demangler(symbol);
  // The demangler returns symbols that it cannot read without their leading underscore.
  const unread = symbol.endsWith(readable) && /^_*$/.test(symbol.slice(0, symbol.length - readable.length));
  const result = readable === '' || unread ? symbol : readable;
  known.set(symbol, result);
  return result;
}
