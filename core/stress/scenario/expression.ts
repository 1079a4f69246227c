/**
 * Expressions of scenarios: numbers, `$names` of earlier results, loads from memory and C's operators, as in
 * `$r >> 32`, `$p + 4` or `i32(16) <= i32(20)`. Integers have 64 bits and wrap; mixing in a float makes a float.
 */
import { t } from '../../text/l10n.ts';

/** A value of a named result: an integer, a float, text that was read, or a null reference. */
export type Value = bigint | number | string | null;

/** How bytes are read as a number. */
export const NUMBER_TYPES = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** Bytes of a number of a type. */
export const widthOfNumber = (type: NumberType): number => Number(type.slice(1)) / 8;

const BINARY: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '>>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** A parsed expression. */
export type Expression =
  | { kind: 'value'; value: Value }
  | { kind: 'name'; name: string }
  | { kind: 'load'; type: NumberType; address: Expression }
  | { kind: 'unary'; operator: string; of: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression };

/** Longest text and deepest nesting of an expression. */
const MAX_LENGTH = 1000;
const MAX_DEPTH = 50;

const TOKEN =
  /\s*(?:(0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|\$([A-Za-z_]\w*|\d{1,4})|([A-Za-z]\w*)|("(?:[^"\\]|\\.)*"|'[^']*')|(>>>|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^<>!~()]))/iy;

interface Token {
  at: number;
  kind: 'number' | 'name' | 'word' | 'text' | 'operator' | 'end';
  text: string;
}

class Problem extends Error {}

/** Splits a text. @throws Problem at a character that begins no token */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null)
      throw new Problem(
        t('character {0} is not expected here', at + 1 + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0)),
      );
    const [all, number, name, word, string, operator] = found;
    const kind =
      number !== undefined
        ? 'number'
        : name !== undefined
          ? 'name'
          : word !== undefined
            ? 'word'
            : string !== undefined
              ? 'text'
              : 'operator';
    tokens.push({
      at: at + all.length - all.trimStart().length,
      kind,
      text: number ?? name ?? word ?? string ?? operator,
    });
    at += all.length;
  }
  tokens.push({ at: text.length, kind: 'end', text: '' });
  return tokens;
}

class Parser {
  private readonly tokens: Token[];
  private next = 0;
  private depth = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  whole(): Expression {
    const found = this.binary(1);
    const { kind, at } = this.tokens[this.next];
    if (kind !== 'end') throw new Problem(t('an operator is missing before character {0}', at + 1));
    return found;
  }

  private binary(least: number): Expression {
    let left = this.unary();
    for (;;) {
      const { kind, text } = this.tokens[this.next];
      const rank = kind === 'operator' && Object.hasOwn(BINARY, text) ? BINARY[text] : 0;
      if (rank < least || rank === 0) return left;
      this.next++;
      left = { kind: 'binary', operator: text, left, right: this.binary(rank + 1) };
    }
  }

  private unary(): Expression {
    if (++this.depth > MAX_DEPTH) throw new Problem(t('it is nested deeper than {0} levels', MAX_DEPTH));
    try {
      const { kind, text } = this.tokens[this.next];
      if (kind === 'operator' && (text === '-' || text === '!' || text === '~')) {
        this.next++;
        return { kind: 'unary', operator: text, of: this.unary() };
      }
      return this.primary();
    } finally {
      this.depth--;
    }
  }

  private primary(): Expression {
    const token = this.tokens[this.next++];
    switch (token.kind) {
      case 'number':
        return { kind: 'value', value: /^0x|^\d+$/i.test(token.text) ? BigInt(token.text) : Number(token.text) };
      case 'name':
        return { kind: 'name', name: token.text };
      case 'text':
        return { kind: 'value', value: token.text.slice(1, -1).replace(/\\(.)/gs, '$1') };
      case 'word':
        return this.load(token);
      case 'operator':
        if (token.text === '(') {
          const inside = this.binary(1);
          this.close();
          return inside;
        }
    }
    this.next--;
    throw new Problem(
      token.kind === 'end'
        ? t('a value is missing at its end')
        : t('a value is missing before character {0}', token.at + 1),
    );
  }

  private load({ text, at }: Token): Expression {
    const type = NUMBER_TYPES.find((one) => one === text);
    if (type === undefined)
      throw new Problem(
        t(
          '{0} at character {1} is not known; results are named {2}, and memory is read with {3}, as in i32(16)',
          text,
          at + 1,
          `$${text}`,
          NUMBER_TYPES.join(', '),
        ),
      );
    const open = this.tokens[this.next++];
    if (open.text !== '(') throw new Problem(t('"(" is missing after {0}, as in {0}(16)', text));
    const address = this.binary(1);
    this.close();
    return { kind: 'load', type, address };
  }

  private close(): void {
    const { text, at } = this.tokens[this.next++] ?? { text: '', at: 0 };
    if (text !== ')') throw new Problem(t('")" is missing before character {0}', at + 1));
  }
}

/** Parses a text; a message says what is wrong with it. */
export function parseExpression(text: string): Expression | { message: string } {
  if (text.length > MAX_LENGTH) return { message: t('the expression is longer than {0} characters', MAX_LENGTH) };
  try {
    return new Parser(text).whole();
  } catch (error) {
    if (error instanceof Problem)
      return { message: t('cannot read the expression {0}: {1}', JSON.stringify(text), error.message) };
    throw error;
  }
}

/** Names that an expression uses, each once. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'value':
      return [];
    case 'name':
      return [expression.name];
    case 'load':
      return namesIn(expression.address);
    case 'unary':
      return namesIn(expression.of);
    case 'binary':
      return [...new Set([...namesIn(expression.left), ...namesIn(expression.right)])];
  }
}
