/**
 * Readable forms of mangled symbols (Rust legacy and v0, C++ Itanium), for display only. Pure code
 * cannot load a demangler, so an entry of the program hands one over; without it symbols stay as
 * they are.
 */

let demangler: ((symbol: string) => string) | undefined;

/** Hands over the demangler for this thread; see `node/demangler.ts`. */
export function useDemangler(demangle: ((symbol: string) => string) | undefined): void {
  demangler = demangle;
  known.clear();
}

const MANGLED = /^_{1,2}Z|^_R[A-Z]/;
/** Longest symbol that is tried. */
const LONGEST = 2000;
/** Back references: each can double the text, and a hostile symbol has nothing else. */
const BACK_REFERENCE = /[STB][0-9A-Za-z]*_/g;
const MOST_BACK_REFERENCES = 24;
const MOST_KNOWN = 50_000;
const known = new Map<string, string>();

/** The readable form of a symbol, or the symbol itself when it is not mangled or too intricate to try. */
export function demangled(symbol: string): string {
  if (demangler === undefined || symbol.length > LONGEST || !MANGLED.test(symbol)) return symbol;
  const before = known.get(symbol);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const intricate = (symbol.match(BACK_REFERENCE)?.length ?? 0) > MOST_BACK_REFERENCES;
  const readable = intricate ? symbol : demangler(symbol);
  // What it cannot read comes back without the underscore.
  const result = readable === '' || symbol.endsWith(readable) ? symbol : readable;
  known.set(symbol, result);
  return result;
}
