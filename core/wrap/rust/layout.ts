/** Rust as rustfmt lays it out by default, for the few forms that the templates have at variable length. */

const MAX_WIDTH = 100;
/** Widest list of arguments on one line. */
const ARGUMENTS = 60;

/** `head(a, b)tail`, or an argument a line. `indent`: spaces before it; `head` has none. */
export function callExpression(indent: number, head: string, args: readonly string[], tail: string): string {
  const spaces = ' '.repeat(indent);
  const inline = args.join(', ');
  const line = `${spaces}${head}(${inline})${tail}`;
  if (inline.length <= ARGUMENTS && line.length <= MAX_WIDTH) return line;
  return `${spaces}${head}(\n${args.map((one) => `${spaces}    ${one},\n`).join('')}${spaces})${tail}`;
}

/** `const NAME: &str = "text";` */
export function constant(name: string, literal: string): string {
  const line = `const ${name}: &str = ${literal};`;
  return line.length <= MAX_WIDTH ? line : `const ${name}: &str =\n    ${literal};`;
}

/** Parameters, the receiver included, above which clippy complains. The types come from the module. */
const MAX_PARAMETERS = 7;

/** An attribute for a function of so many parameters, with its line end. */
export const allowed = (indent: string, params: number): string =>
  params > MAX_PARAMETERS ? `${indent}#[allow(clippy::too_many_arguments)]\n` : '';

/** `Err(Error::msg("text"))` as the last line of a function. */
export function errorMessage(literal: string): string {
  if (`Error::msg(${literal})`.length <= ARGUMENTS) return `    Err(Error::msg(${literal}))`;
  return `    Err(Error::msg(\n        ${literal},\n    ))`;
}

/** Longest chain of methods on one line. */
const CHAIN = 60;

/** `let result = self.field.method(a, b);` */
export function methodCall(
  indent: number,
  start: string,
  chain: readonly [string, string, string],
  args: readonly string[],
): string {
  const [object, member, method] = chain;
  const inline = args.join(', ');
  const whole = `${object}.${member}.${method}(${inline})`;
  if (inline.length > ARGUMENTS || whole.length <= CHAIN)
    return callExpression(indent, `${start}${object}.${member}.${method}`, args, ';');
  const spaces = ' '.repeat(indent);
  return `${spaces}${start}${object}\n${spaces}    .${member}\n${spaces}    .${method}(${inline});`;
}

/** A tuple of short names at `indent`: rustfmt fills lines with those. One value stands alone. */
export function tuple(indent: number, values: readonly string[]): string {
  if (values.length === 1) return values[0];
  const inline = values.join(', ');
  if (inline.length <= ARGUMENTS) return `(${inline})`;
  const spaces = ' '.repeat(indent);
  return `(\n${spaces}    ${inline},\n${spaces})`;
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

/** `use path::{A, B};`, names in order, lines filled. */
export function use(path: string, names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 1) return `use ${path}::${sorted[0]};`;
  const line = `use ${path}::{${sorted.join(', ')}};`;
  if (line.length <= MAX_WIDTH) return line;
  const lines = ['   '];
  for (const name of sorted) {
    const last = lines.length - 1;
    const longer = `${lines[last]} ${name},`;
    if (longer.length > MAX_WIDTH) lines.push(`    ${name},`);
    else lines[last] = longer;
  }
  return `use ${path}::{\n${lines.join('\n')}\n};`;
}
