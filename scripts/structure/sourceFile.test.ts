import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskCode } from './maskCode.ts';
import { readSource } from './sourceFile.ts';

describe('maskCode', () => {
  it('blanks comments, strings, templates and regular expressions, and keeps the rest in its place', () => {
    // A brace would look like a forgotten placeholder.
    for (const [source, masked] of [
      ["a // it's\nb", 'a        \nb'],
      ["a /* ' \n */ b", 'a      \n    b'],
      ["f('it\\'s', \"x\")", `f('${' '.repeat(5)}', " ")`],
      ['`a $<b + `c$<d}` + { e: 1 }} f` + g', '`  $<b + ` $<d}` + { e: 1 }}  ` + g'],
      ['x = /[\'"/*]/.test(y) / 2 / z', 'x =         .test(y) / 2 / z'],
      ['return /`/g', 'return    g'],
      ['const a = (b) / c; // d', 'const a = (b) / c;     '],
    ])
      assert.equal(maskCode(source.replaceAll('$<', '$\x7b')), masked.replaceAll('$<', '$\x7b'));
  });

  it('ends where a source ends too early', () => {
    for (const source of ["'a", '`a', '`${', '/* a', '/a', "'\\", '}'])
      assert.equal(maskCode(source).length, source.length, source);
  });
});

describe('readSource', () => {
  it('finds imports of all kinds, with the imported names', () => {
    const { imports } = readSource(
      'core/a/b.ts',
      `import 'node:fs';
import './effects.ts';
import one, { two, type Three as T } from '../c.ts';
import type { Four } from './d.ts';
import {
  type Five,
  type Six,
} from "./e.ts";
import * as all from './f.ts';
all.seven(all.eight);
export { nine } from './g.ts';
export * from './h.ts';
type X = import('./i.ts').Ten;
  const { eleven, twelve: x } = await import('./j.ts');
void import('./k.ts');
// import './no.ts';
const text = \`
import './no.ts';
\`;
`,
    );
    assert.deepEqual(
      imports.map(({ path, line, names, typeOnly, reexport }) =>
        [path, line, names.join(' '), typeOnly && 'type', reexport && 'again'].filter(Boolean).join(' '),
      ),
      [
        'core/a/effects.ts 2',
        'core/c.ts 3 two Three default',
        'core/a/d.ts 4 Four type',
        'core/a/e.ts 8 Five Six type',
        'core/a/f.ts 9 seven eight',
        'core/a/g.ts 11 nine again',
        'core/a/h.ts 12 * again',
        'core/a/i.ts 13 Ten',
        'core/a/j.ts 14 eleven twelve',
        'core/a/k.ts 15 *',
      ],
    );
  });

  it('finds exported names, and whether their file uses them', () => {
    const { exports, lines } = readSource(
      'a.ts',
      `export const ONE = 1;
export async function two(): Promise<Three> {}
export interface Three { four: typeof ONE }
export abstract class Five {}
export type Six = 6; // Six
export enum Seven {}
const no = \`
export function no() {}\`;
`,
    );
    assert.equal(lines, 8);
    assert.deepEqual(
      exports.map(({ name, isType, line, usedInFile }) => [name, isType, line, usedInFile]),
      [
        ['ONE', false, 1, true],
        ['two', false, 2, false],
        ['Three', true, 3, true],
        ['Five', false, 4, false],
        ['Six', true, 5, false],
        ['Seven', false, 6, false],
      ],
    );
  });
});
