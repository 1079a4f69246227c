/** Names of exports that nobody would write but anybody may get, and a module that has all of them. */

/** Names that are keywords, no identifiers at all, equal once they are identifiers, or an attack on a comment. */
export const HOSTILE_NAMES: readonly string[] = [
  '',
  ' ',
  'type',
  'func',
  'self',
  'Self',
  'crate',
  'match',
  'async',
  'class',
  'constructor',
  '__proto__',
  'then',
  'do',
  'Do',
  'd-o',
  'close',
  'use',
  'new',
  'call',
  'discard',
  'read memory',
  'ReadMemory',
  'get_value',
  'getValue',
  'GetValue',
  'get value',
  '1st',
  '日本語',
  'größe',
  '🦀',
  'a"; panic("x")',
  "b'; throw new Error('x')",
  `c\`\${process.exit(1)}\``,
  'd\n}\nfunc main() {',
  'e*/ alert(1) /*',
  'f\\',
  'g\u202egnp.exe',
  'h\u0000nul',
  'i\r\nj',
  '//line x.go:1',
  '#[cfg(no)]',
  '- list',
  `\${x}`,
  '%d%s',
  '{x}',
  'l'.repeat(5000),
  'very_long_name_of_many_words_that_does_not_fit_into_a_line_of_code_anywhere',
  'std::vec::Vec<T>::push',
  'p0',
  'ctx',
  'err',
  'store',
  'instance',
  'toString',
  'read_byte',
  'write_byte',
  'marshal_json',
  'MarshalJSON',
  'format',
  'scan',
  'seek',
  'write_to',
  'string',
  'error',
  'unwrap',
  'lock',
  'fail',
  'instance.ask',
];

/** A string literal of the text format with every byte written as an escape. */
const wat = (name: string): string =>
  `"${[...new TextEncoder().encode(name)].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('')}"`;

const TYPES = ['i32', 'i64', 'f32', 'f64'];

/** Source of a module with a function for each name, of another type each. */
export const HOSTILE_SOURCE = `(module ${HOSTILE_NAMES.map((name, n) => {
  const params = Array.from({ length: n % 5 }, (_, i) => TYPES[(n + i) % 4]);
  const results = Array.from({ length: n % 3 }, (_, i) => TYPES[(n + i + 1) % 4]);
  return `(func (export ${wat(name)}) ${params.length > 0 ? `(param ${params.join(' ')})` : ''} ${results.length > 0 ? `(result ${results.join(' ')})` : ''} ${results.map((type) => `(${type}.const 0)`).join(' ')})`;
}).join('\n')})`;
