/** Declarations of AssemblyScript: which functions are found in a text, and which are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Declarations } from './declarations.ts';

const TEXT = `/** function early(): void */
export function enter(door: i32): i32 {
  function inner(): void {}
  return twice(door);
}
@inline function leave(): void {}
@external("env", "log") export function log(): void {}
class Gate {
  open(): void {}
}
export default function main(): void {}
function twice(a: i32): i32 { return a }
function twice(a: i64): i64 { return a }
//function out(): void {}
@unsafe
function last<T>(): void {}`;

const of = (name: string, text = TEXT): number | undefined =>
  new Declarations(new Map([['assembly/gate.ts', () => text]])).of(name)?.line;

test('functions of the outermost level that are declared once', () => {
  const lines = { enter: 2, leave: 6, log: 7, main: 11, last: 16 };
  for (const [name, line] of Object.entries(lines)) assert.equal(of(`assembly/gate/${name}`), line, name);
  for (const name of ['early', 'inner', 'twice', 'out', 'open', 'Gate#open', 'Gate.open', '', 'nobody', 'constructor'])
    assert.equal(of(`assembly/gate/${name}`), undefined, name);
});

test('only in the file that the name has', () => {
  assert.deepEqual(new Declarations(new Map([['assembly/gate.ts', () => TEXT]])).of('assembly/gate/enter'), {
    file: 'assembly/gate.ts',
    line: 2,
  });
  for (const name of ['assembly/other/enter', 'gate/enter', 'enter', '/enter', 'assembly/gate.ts/enter'])
    assert.equal(of(name), undefined, name);
  const without = new Declarations(new Map([['assembly/gate.ts', () => undefined]]));
  assert.equal(without.of('assembly/gate/enter'), undefined);
});

test('line ends of Windows, and a text that does its worst', () => {
  assert.equal(of('assembly/gate/last', TEXT.replaceAll('\n', '\r\n')), 16);
  const worst = `${'@a '.repeat(1 << 19)}\n${'@a(\n'.repeat(1 << 18)}function last() {}`;
  assert.equal(of('assembly/gate/last', worst), (1 << 18) + 2);
});
