/** Pieces that the Python templates are made of: names, calls that fit into a line, strings, docstrings. */

import { nameInComment, pyString } from '../../harmless/code.ts';
import { shorten } from '../../harmless/names.ts';
import { Identifiers } from '../identifiers.ts';
import type { NumType, Signature } from '../signature.ts';
import type { Surface, WrapExport } from '../surface.ts';

/** Widest line, the default of Ruff and Black. */
const WIDTH = 88;

/** What comments look like; `# ` and the text fill the line. */
export const PYTHON_COMMENTS = { mark: '#', width: WIDTH - 2 };

/** Keywords of Python 3, soft ones too, a letter that is taken for a digit, and names that a method uses. */
const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match case nonlocal not or pass raise return self try type while with yield l caller float int result wasmtime'.split(
    ' ',
  );

/** Methods that the classes with a method for each export have anyway. */
const OWN_METHODS = 'use close reset discard read_memory write_memory mro'.split(' ');

/** A method name for each export, all different. */
export function pyNames({ exports }: Surface): Map<WrapExport, string> {
  const scope = new Identifiers('snake', [...KEYWORDS, ...OWN_METHODS]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}

/** Names of the methods that take bytes, for those exports: `greet_bytes`. */
export function bytesNames(
  { exports }: Surface,
  names: ReadonlyMap<WrapExport, string>,
  calls: ReadonlyMap<WrapExport, unknown>,
): Map<WrapExport, string> {
  const scope = new Identifiers('snake', [...KEYWORDS, ...OWN_METHODS, ...names.values()]);
  return new Map(
    exports.flatMap((one) => (calls.has(one) ? [[one, scope.claim(`${names.get(one)} bytes`, 'bytes')]] : [])),
  );
}

/** Identifiers of a scope of functions or parameters. */
export const pyScope = (): Identifiers => new Identifiers('snake', KEYWORDS);

/** What names of parameters must not be. */
export const PARAMETER_RESERVED: readonly string[] = KEYWORDS;

const PY_TYPES: Readonly<Record<NumType, string>> = { i32: 'int', i64: 'int', f32: 'float', f64: 'float' };

/** `int` or `float`. */
export const pyType = (type: NumType): string => PY_TYPES[type];

/** Results of the longest type that names each. */
const MAX_TUPLE = 4;

/** `None`, `int`, `tuple[int, float]`. */
export function resultType({ results }: Pick<Signature, 'results'>): string {
  if (results.length > MAX_TUPLE) return 'tuple[int | float, ...]';
  const types = results.map(pyType);
  return types.length === 0 ? 'None' : types.length === 1 ? types[0] : `tuple[${types.join(', ')}]`;
}

/** `before` + `a, b` + `after` in one line where it fits, else an item a line, as formatters leave it. */
export function pyList(indent: string, before: string, items: readonly string[], after: string): string {
  const line = `${indent}${before}${items.join(', ')}${after}`;
  if (columns(line) <= WIDTH || items.length === 0) return line;
  return `${indent}${before}\n${items.map((one) => `${indent}    ${one},\n`).join('')}${indent}${after}`;
}

/** Characters of a piece of a long string. */
const PIECE = 60;

/** A string that is an item of `list`: in pieces where it is long, so that lines stay short. */
export function stringItem(indent: string, text: string): string {
  const whole = pyString(text);
  if (indent.length + columns(whole) + 1 <= WIDTH) return whole;
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (columns(pyString(piece + character)) > PIECE) {
      pieces.push(pyString(piece));
      piece = '';
    }
    piece += character;
  }
  return [...pieces, pyString(piece)].map((one, i) => (i === 0 ? one : `${indent}${one}`)).join('\n');
}

/** Width of a text in columns: East Asian characters and pictures take two. */
const columns = (text: string): number =>
  [...text].reduce(
    (sum, one) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        one,
      )
        ? 2
        : 1),
    0,
  );

/** Characters of a name in a docstring. */
const MAX_DOC_NAME = 40;

/** The name of an item of the module inside a docstring, in quotes. */
export const docName = (name: string): string => nameInComment(shorten(name, MAX_DOC_NAME)).replaceAll('\\', '\\\\');

/**
 * A docstring. The summary and its continuation are one line where both fit; else the continuation is a paragraph, as
 * are the others. A summary that does not fit is wrapped.
 */
export function docstring(indent: string, summary: string, more: readonly string[] = [], continuation = ''): string {
  const room = WIDTH - indent.length;
  const whole = continuation === '' ? summary : `${summary.slice(0, -1)}, ${continuation}`;
  if (more.length === 0 && columns(whole) + 6 <= room) return `${indent}"""${whole}"""`;
  const [head, ...rest] = filled(summary, room - 3);
  const paragraphs = [...(continuation === '' ? [] : [continuation]), ...more];
  const lines = [...rest, ...paragraphs.flatMap((one) => ['', ...filled(one, room)])];
  return [`${indent}"""${head}`, ...lines.map((line) => `${indent}${line}`.trimEnd()), `${indent}"""`].join('\n');
}

function filled(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (lines[last] !== '' && columns(lines[last]) + 1 + columns(word) > width) lines.push(word);
    else lines[last] += lines[last] === '' ? word : ` ${word}`;
  }
  return lines;
}

/** Names of the classes of a file: with what the user calls the wrapped type in front. */
export type ClassNames = (name: string) => string;
