/** Joins the text and the binary of one module, which builds and people keep side by side under one name. */

/** A module of a list: its text if it has one, which is where findings are mended, or else its binary. */
export interface TwinFiles {
  main: string;
  /** The binary of the text; undefined where there is one file only. */
  twin: string | undefined;
}

/** URIs in order, each once: `a.wasm` after `a.wat` stands with it and not by itself. */
export function joinTwins(uris: readonly string[]): TwinFiles[] {
  const all = new Set(uris);
  const other = (uri: string, from: string, to: string): string | undefined => {
    const found = uri.toLowerCase().endsWith(from) ? uri.slice(0, -from.length) + to : undefined;
    return found !== undefined && all.has(found) ? found : undefined;
  };
  return [...all]
    .filter((uri) => other(uri, '.wasm', '.wat') === undefined)
    .sort(byPath)
    .map((main) => ({ main, twin: other(main, '.wat', '.wasm') }));
}

/** By path, numbers in names as numbers. */
const byPath = (a: string, b: string): number => COLLATOR.compare(a, b);
const COLLATOR = new Intl.Collator('en', { numeric: true });
