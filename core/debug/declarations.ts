/**
 * Where AssemblyScript declares functions. Its source maps have the places of instructions only, but its names of
 * functions have the path of the file, `assembly/gate/enter`, and its maps the text.
 */

/** Longest text that is searched, in characters. */
const MOST_TEXT = 4 << 20;

/** A function that is no member of anything, and no text within others: these are indented. */
const FUNCTION = /^(?:@[\w.]+(?:\([^()\n]*\))?[ \t]+)*(?:export[ \t]+)?(?:default[ \t]+)?function[ \t]+([\w$]+)/gm;

/** The lines, from 1, of the functions that a text declares at its outermost level, by name; without names that it has twice. */
function functionLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const twice = new Set<string>();
  let line = 1;
  let counted = 0;
  for (const { index, 0: declaration, 1: name } of text.matchAll(FUNCTION)) {
    const at = index + declaration.length;
    for (let end = text.indexOf('\n', counted); end >= 0 && end < at; end = text.indexOf('\n', counted)) {
      line++;
      counted = end + 1;
    }
    if (lines.has(name)) twice.add(name);
    lines.set(name, line);
  }
  for (const name of twice) lines.delete(name);
  return lines;
}

/** Finds declarations by the names of the name section; a text is read when the first of its functions is asked for. */
export class Declarations {
  readonly #texts: ReadonlyMap<string, () => string | undefined>;
  readonly #lines = new Map<string, Map<string, number>>();

  /** `texts`: the text of each file of the map, by path. */
  constructor(texts: ReadonlyMap<string, () => string | undefined>) {
    this.#texts = texts;
  }

  /** The file and line of `assembly/gate/enter`; undefined for methods, and where the text has none or several. */
  of(name: string): { file: string; line: number } | undefined {
    const slash = name.lastIndexOf('/');
    const file = `${name.slice(0, slash)}.ts`;
    const line = slash < 0 ? undefined : this.#linesOf(file)?.get(name.slice(slash + 1));
    return line === undefined ? undefined : { file, line };
  }

  #linesOf(file: string): Map<string, number> | undefined {
    const known = this.#lines.get(file);
    const read = this.#texts.get(file);
    if (known !== undefined || read === undefined) return known;
    const text = read() ?? '';
    const lines = functionLines(text.length > MOST_TEXT ? '' : text);
    this.#lines.set(file, lines);
    return lines;
  }
}
