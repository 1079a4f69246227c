/** Valid and distinct identifiers of a language, made from the names in a binary, which can be any text. */

/** How the words of a name are joined: `GetValue`, `getValue` or `get_value`. */
export type Style = 'Pascal' | 'camel' | 'snake';

/** Characters of the longest identifier that is made from a name. */
const MAX_IDENTIFIER = 40;
/** Characters of a name that are looked at. */
const MAX_LOOK = 400;

/**
 * The identifiers of one scope. Only the ASCII letters and digits of a name are kept; a name without any takes
 * `fallback`; an identifier that is taken or reserved gets a number.
 */
export class Identifiers {
  private readonly style: Style;
  private readonly taken: Set<string>;

  /** `reserved`: keywords of the language and names that the scope has already. */
  constructor(style: Style, reserved: Iterable<string>) {
    this.style = style;
    this.taken = new Set(reserved);
  }

  /** An identifier that is unique in this scope. */
  claim(name: string, fallback: string): string {
    const base = identifierOf(name, this.style) || identifierOf(fallback, this.style);
    let free = base;
    for (let n = 2; this.taken.has(free); n++) free = this.style === 'snake' ? `${base}_${n}` : `${base}${n}`;
    this.taken.add(free);
    return free;
  }
}

/** The identifier that `name` alone suggests; empty when it has no ASCII letter or digit. */
export function identifierOf(name: string, style: Style): string {
  const words = wordsOf(name.slice(0, MAX_LOOK), style);
  let text = '';
  for (const word of words) {
    const joined = text === '' || style !== 'snake' ? word : `_${word}`;
    // Cut between words, so that no separator is left at the end.
    if (text !== '' && text.length + joined.length > MAX_IDENTIFIER) break;
    text += joined;
  }
  text = text.slice(0, MAX_IDENTIFIER);
  if (!/^\d/.test(text)) return text;
  return style === 'snake' ? `n${text}` : style === 'camel' ? `n${text}` : `N${text}`;
}

/** Where a word begins inside of `getValue` and of `HTTPGet`. */
const HUMP = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

function wordsOf(name: string, style: Style): string[] {
  const parts = name
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .flatMap((part) => (style === 'Pascal' ? [part] : part.split(HUMP)));
  return parts.map((part, i) => {
    if (style === 'snake' || (style === 'camel' && i === 0)) return part.toLowerCase();
    return `${part[0].toUpperCase()}${part.slice(1)}`;
  });
}
