/** Rust as rustfmt lays it out by default, for the few forms that the templates have at variable length. */

const MAX_WIDTH = 100;
/** Widest list of arguments on one line. */
const ARGUMENTS = 60;

/** `head(a, b)tail`, or an argument a line. `indent`: spaces before it; `head` has none. */
export function callExpression(indent: number, head: string, args: readonly string[], tail: string): string {
  const spaces = ' '.repeat(indent);
  const inline = args.join(', ');
  const line = `${spaces}${head}(${inline})${tail}`;
  if (inline.length <= ARGUMENTS) {
    if (line.length <= MAX_WIDTH) return line;
    const [, declared, called] = /^(let .*? =) (.*)$/s.exec(head) ?? [];
    const below = `${spaces}    ${called}(${inline})${tail}`;
    if (declared !== undefined && below.length <= MAX_WIDTH) return `${spaces}${declared}\n${below}`;
  }
  return `${spaces}${head}(\n${listed(indent + 4, args)}${spaces})${tail}`;
}

/** Characters of values that share a line where all are as short. */
const SHORT = 10;

/** Values with commas behind them, on lines of their own; short ones fill lines. */
function listed(indent: number, values: readonly string[]): string {
  const spaces = ' '.repeat(indent);
  if (values.some(({ length }) => length > SHORT)) return values.map((one) => `${spaces}${one},\n`).join('');
  const lines = [''];
  for (const value of values) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? `${value},` : `${last} ${value},`;
    if (last !== '' && indent + longer.length > MAX_WIDTH) lines.push(`${value},`);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => `${spaces}${line}\n`).join('');
}

/** `const NAME: &str = "text";` */
export function constant(name: string, literal: string): string {
  const line = `const ${name}: &str = ${literal};`;
  return line.length <= MAX_WIDTH ? line : `const ${name}: &str =\n    ${literal};`;
}

/** A tuple of short names at `indent`: rustfmt fills lines with those. One value stands alone. */
export function tuple(indent: number, values: readonly string[]): string {
  if (values.length === 1) return values[0];
  const inline = values.join(', ');
  if (inline.length <= ARGUMENTS) return `(${inline})`;
  const spaces = ' '.repeat(indent);
  return `(\n${listed(indent + 4, values)}${spaces})`;
}

/** A tuple of types at `indent`; one type stands alone. */
export function tupleType(indent: number, types: readonly string[]): string {
  if (types.length === 1) return types[0];
  const inline = types.join(', ');
  if (inline.length <= ARGUMENTS) return `(${inline})`;
  const spaces = ' '.repeat(indent);
  return `(\n${types.map((one) => `${spaces}    ${one},\n`).join('')}${spaces})`;
}

/** First line, or lines, of a function: `fn f(a: A) -> R {`. */
export function signature(indent: number, head: string, params: readonly string[], result: string): string {
  const spaces = ' '.repeat(indent);
  const line = `${spaces}${head}(${params.join(', ')}) -> ${result} {`;
  if (line.length <= MAX_WIDTH && !line.includes('\n')) return line;
  return `${spaces}${head}(\n${params.map((one) => `${spaces}    ${one},\n`).join('')}${spaces}) -> ${result} {`;
}

/** A field of a struct: a function of these types. */
export function functionField(name: string, params: readonly string[], results: readonly string[]): string {
  const line = `    ${name}: TypedFunc<${tupleType(0, params)}, ${tupleType(0, results)}>,`;
  if (line.length <= MAX_WIDTH && !line.includes('\n')) return line;
  return `    ${name}: TypedFunc<\n        ${tupleType(8, params)},\n        ${tupleType(8, results)},\n    >,`;
}

/** `use path::{A, B};`, names in order, lines filled. A single line leaves the last column free, as rustfmt does. */
export function use(path: string, names: readonly string[]): string {
  const sorted = [...new Set(names)].sort((a, b) => (a === 'self' ? -1 : b === 'self' ? 1 : a < b ? -1 : 1));
  if (sorted.length === 1) return `use ${path}::${sorted[0]};`;
  const line = `use ${path}::{${sorted.join(', ')}};`;
  if (line.length < MAX_WIDTH) return line;
  const lines = ['   '];
  for (const [i, name] of sorted.entries()) {
    const last = lines.length - 1;
    const longer = `${lines[last]} ${name},`;
    // rustfmt counts the space behind a comma, which the last name has not.
    if (longer.length > MAX_WIDTH - Number(i < sorted.length - 1)) lines.push(`    ${name},`);
    else lines[last] = longer;
  }
  return `use ${path}::{\n${lines.join('\n')}\n};`;
}
