/**
 * Blanks everything in a TypeScript source that is not code, so that patterns match statements only. Sources that
 * generate code, for example, hold `export function` in template literals.
 */

/** After these characters and words a slash begins a regular expression; elsewhere it is a division. */
const BEFORE_REGEX =
  /(?:^|[([{,;=:?!&|+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|await|yield|delete|throw))$/;

/**
 * The source with comments, regular expressions and the contents of strings and template literals replaced by spaces.
 * Quotes, line breaks, all offsets and code in `${}` are kept.
 */
export function maskCode(source: string): string {
  let masked = '';
  /** For each open brace whether it opened a `${}`. */
  const braces: boolean[] = [];
  let at = 0;

  const blank = (end: number): void => {
    masked += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = Math.min(end, source.length);
  };
  const keep = (): void => {
    masked += source.charAt(at++);
  };
  /** Masks from inside a template literal to its end or to its next `${`. */
  const template = (): void => {
    let end = at;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1;
    }
    blank(end);
    if (source[at] === '`') keep();
    else if (at < source.length) {
      keep();
      keep();
      braces.push(true);
    }
  };

  while (at < source.length) {
    const char = source[at];
    if (source.startsWith('//', at)) blank(endOf(source, '\n', at));
    else if (source.startsWith('/*', at)) blank(endOf(source, '*/', at) + 2);
    else if (char === "'" || char === '"') {
      keep();
      blank(endOfString(source, at, char));
      keep();
    } else if (char === '`') {
      keep();
      template();
    } else if (char === '/' && BEFORE_REGEX.test(masked.slice(-200).trimEnd().slice(-12))) {
      blank(endOfRegex(source, at));
    } else if (char === '{') {
      braces.push(false);
      keep();
    } else if (char === '}') {
      keep();
      if (braces.pop()) template();
    } else keep();
  }
  return masked;
}

function endOf(source: string, text: string, from: number): number {
  const end = source.indexOf(text, from);
  return end < 0 ? source.length : end;
}

function endOfString(source: string, from: number, quote: string): number {
  let end = from;
  while (end < source.length && source[end] !== quote && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
  return end;
}

function endOfRegex(source: string, from: number): number {
  let end = from + 1;
  let inClass = false;
  while (end < source.length && source[end] !== '\n' && (inClass || source[end] !== '/')) {
    if (source[end] === '[') inClass = true;
    if (source[end] === ']') inClass = false;
    end += source[end] === '\\' ? 2 : 1;
  }
  return end + 1;
}
