/** Conflicts of calls with known arguments. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Address } from '../cells.ts';
import { analyseWat } from '../testing/facts.ts';
import { type CallArguments, meetsWith } from './callConflicts.ts';

/** Two exports, `set` and `other`, that write memory where the two addresses say. */
async function exportsAt(set: Address, other: Address, memory = '1') {
  const pointer = memory.startsWith('i64') ? 'i64' : 'i32';
  const { analysis } = await analyseWat(`(module (memory ${memory})
    (func (export "set") (param ${pointer} ${pointer}) (i32.store (local.get 0) (i32.const 1)))
    (func (export "other") (param ${pointer} ${pointer}) (i32.store8 (local.get 1) (i32.const 1))))`);
  // The addresses are those of the table of effects, which the masks of the analysis do not decide here.
  const parameters = analysis.effects.filter(({ cell }) => cell.address?.base === 'parameter');
  const [first, second] = parameters[0].cell.address?.base === 'parameter' ? parameters : [];
  first.cell.address = set;
  second.cell.address = other;
  return (a: CallArguments, b: CallArguments): boolean => meetsWith(analysis, 0, a, 1, b).length > 0;
}

const word = (parameter: number, start = 0): Address => ({ base: 'parameter', parameter, start, end: start + 4 });

describe('calls with known arguments', () => {
  test('members of objects', async () => {
    const meet = await exportsAt(word(0), word(1, 8));
    assert.equal(meet([64], [0, 64]), false);
    assert.equal(meet([64], [0, 56]), true);
    assert.equal(meet([64], [0, 59]), true);
    assert.equal(meet([64], [0, 60]), false);
    assert.equal(meet([64], [0, 52]), false);
    assert.equal(meet([64], []), true);
    assert.equal(meet([undefined], [0, 52]), true);
    assert.equal(meet([Number.NaN], [0, 52]), true);
  });

  test('addresses wrap around', async () => {
    const meet = await exportsAt(word(0), word(1, -8));
    assert.equal(meet([-8], [0, 0]), true);
    assert.equal(meet([0xffff_fff8], [0, 0]), true);
    assert.equal(meet([-8], [0, 8]), false);
    assert.equal(meet([-2], [0, 8]), true);
  });

  test('elements and ranges', async () => {
    const elements = await exportsAt(
      { base: 'parameter', parameter: 0, scale: 4, start: 64, end: 68 },
      { base: 'parameter', parameter: 1, start: 0, end: 0, length: 0 },
    );
    assert.equal(elements([1], [4, 68]), true);
    assert.equal(elements([1], [4, 72]), false);
    assert.equal(elements([1], [4, 64]), false);
    assert.equal(elements([1], [5, 64]), true);
    assert.equal(elements([1], [0, 68]), false, 'nothing is accessed');
    assert.equal(elements([1], [-1, 72]), true, 'a length has no sign');
    assert.equal(elements([0x4000_0001], [4, 68]), true, 'the product wraps around');
  });

  test('static data', async () => {
    const meet = await exportsAt(word(0), { base: 'static', start: 1024, end: 1032 });
    assert.equal(meet([1032], []), false);
    assert.equal(meet([1021], []), true);
    assert.equal(meet([1020], []), false);
  });

  test('what arguments do not decide remains', async () => {
    const never: Address[] = [
      { base: 'parameter', parameter: 0 },
      { base: 'parameter', parameter: 0, start: 0, end: 4, through: true },
      { base: 'static', start: 0, end: 4, global: 0 },
      { base: 'contents', start: 0, end: 4 },
      { base: 'stack' },
    ];
    for (const address of never) assert.equal((await exportsAt(address, word(1)))([0], [0, 4096]), true);
  });

  test('64-bit addresses', async () => {
    const meet = await exportsAt(word(0), word(1), 'i64 1');
    assert.equal(meet([64n], [0n, 0x1_0000_0040n]), false);
    assert.equal(meet([-4n], [0n, 0xffff_ffff_ffff_fffcn]), true);
    // Numbers are i32 values, whose sums may have wrapped around before they became addresses.
    assert.equal(meet([64], [0n, 0x1_0000_0040n]), true);
  });
});
