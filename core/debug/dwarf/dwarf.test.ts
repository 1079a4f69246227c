/** Lines, functions and inlined calls: answers derived by hand, and what is not answered. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import type { DebugInfo } from '../model.ts';
import { dwarfOf } from './dwarf.ts';
import { half, leb, madeModule, type Part, sized, word } from './testing/made.ts';
import { casePaths } from './testing/recipes.ts';

function kept(name: string): { module: Module; dwarf: DebugInfo } {
  const module = decodeModule(new Uint8Array(readFileSync(casePaths(name).binary)));
  const dwarf = dwarfOf(module);
  assert.ok(dwarf);
  return { module, dwarf };
}

const exported = ({ exports }: Module, wanted: string): number =>
  exports.find(({ name, kind }) => kind === 'func' && name === wanted)?.index ?? -1;

describe('functions and lines of C', () => {
  for (const name of [
    'c-dwarf4',
    'c-dwarf5',
    'c-dwarf3',
    'c-dwarf2-optimised',
    'c-optimised',
    'c-whole-program',
    'c-types',
  ]) {
    test(name, () => {
      const { module, dwarf } = kept(name);
      const bump = exported(module, 'bump');
      assert.deepEqual(dwarf.functionAt(bump), { name: 'bump', file: '/build/counter.c', line: 17 });
      const offsets = dwarf.offsetsOf('/build/counter.c', 18);
      assert.ok(offsets.length > 2, 'line 18 has instructions');
      assert.deepEqual(
        [...offsets],
        [...new Set(offsets)].sort((a, b) => a - b),
      );
      for (const offset of offsets) {
        const place = dwarf.placeOf(offset);
        assert.deepEqual([place?.file, place?.line, place?.function], ['/build/counter.c', 18, 'bump']);
      }
      assert.deepEqual(dwarf.problems(), []);
      assert.deepEqual([...dwarf.files()], ['/build/counter.c', '/build/counter.h', '/build/other.c']);
    });
  }

  test('inlined calls, innermost first', () => {
    const { dwarf } = kept('c-dwarf5-optimised');
    const places = dwarf.offsetsOf('/build/counter.h', 7).map((offset) => dwarf.placeOf(offset));
    const chains = places.map((place) => [
      place?.function,
      ...(place?.inlined ?? []).map(({ file, line, function: name }) => `${name} ${file}:${line}`),
    ]);
    for (const chain of [
      ['add', 'add_twice /build/counter.h:11', 'bump /build/counter.c:26'],
      ['add', 'add_twice /build/counter.h:11', 'other /build/other.c:8'],
    ]) {
      assert.ok(
        chains.some((one) => one.join() === chain.join()),
        `${chain.join()} in ${JSON.stringify(chains)}`,
      );
    }
  });

  test('split units have lines, and no functions', () => {
    for (const name of ['c-split', 'c-dwarf5-split', 'c-lines-only']) {
      const { module, dwarf } = kept(name);
      const [offset] = dwarf.offsetsOf('/build/counter.c', 18);
      assert.equal(dwarf.placeOf(offset)?.line, 18, name);
      if (name !== 'c-lines-only') assert.equal(dwarf.functionAt(exported(module, 'bump')), undefined, name);
    }
  });

  test('outside of the code there is nothing', () => {
    const { module, dwarf } = kept('c-dwarf4');
    for (const offset of [0, 8, module.bytes.length, -1, 2 ** 40, Number.NaN]) {
      assert.equal(dwarf.placeOf(offset), undefined, `${offset}`);
    }
    for (const index of [-1, 1000, 0.5]) assert.equal(dwarf.functionAt(index), undefined, `${index}`);
    assert.deepEqual([...dwarf.offsetsOf('/build/counter.c', 4000)], []);
    assert.deepEqual([...dwarf.offsetsOf('nowhere.c', 1)], []);
  });
});

test('what the linker removed has no code', () => {
  const { dwarf } = kept('c-removed');
  // The function `removed` stands there.
  assert.deepEqual([...dwarf.offsetsOf('/build/counter.c', 8)], []);
});

test('a module that an optimiser changed has no lines, and says why', () => {
  const { module, dwarf } = kept('c-changed');
  for (let offset = 0; offset < module.bytes.length; offset++) assert.equal(dwarf.placeOf(offset), undefined);
  assert.equal(dwarf.functionAt(exported(module, 'bump')), undefined);
  const [problem, ...more] = dwarf.problems();
  assert.match(problem.message, /a tool changed the module after it was compiled/);
  assert.equal(problem.section, '.debug_line');
  assert.deepEqual(more, []);
});

test('a module without debug information has no DWARF', () => {
  assert.equal(dwarfOf(decodeModule(madeModule({}))), undefined);
});

/** A line program of version 4 for one file, with opcodes that begin at 13, a line base of -5 and a range of 14. */
const program = (...opcodes: readonly Part[]): number[] =>
  sized(half(4), sized(1, 1, 1, -5, 14, 13, [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1], '', 'a.c', 0, 0, 0, 0), opcodes);

const setAddress = (address: number): Part => [0, 5, 2, word(address)];
const END: Part = [0, 1, 1];

const withLines = (...opcodes: readonly Part[]): Module =>
  decodeModule(madeModule({ '.debug_line': [program(...opcodes)] }));

describe('line programs', () => {
  test('opcodes', () => {
    // Address 2, line 1; column 7; line 11 three bytes on; the special opcode that adds 1 to both.
    const module = withLines(
      setAddress(2),
      [5, leb(7), 1],
      [3, 10, 2, leb(2), 1],
      [13 + 14 * 1 + 5 + 1],
      [2, leb(1)],
      END,
    );
    const dwarf = dwarfOf(module);
    const start = module.functions.bodyStart[0];
    const at = (distance: number): unknown => {
      const place = dwarf?.placeOf(start + distance);
      return place && [place.file, place.line, place.column];
    };
    assert.deepEqual([0, 1, 2, 3].map(at), [
      ['a.c', 1, 7],
      ['a.c', 1, 7],
      ['a.c', 11, 7],
      ['a.c', 12, 7],
    ]);
    assert.equal(at(4), undefined);
  });

  test('lines that reach beyond the code are left out, and a problem says so', () => {
    // The first function as it is; the second one was longer before a tool changed it.
    const module = withLines(setAddress(2), [1], [2, leb(4)], END, setAddress(7), [1], [2, leb(9)], END);
    const dwarf = dwarfOf(module);
    const [first, second] = module.functions.bodyStart;
    assert.equal(dwarf?.placeOf(first)?.line, 1);
    assert.equal(dwarf?.placeOf(second), undefined);
    assert.match(dwarf?.problems()[0]?.message ?? '', /^some lines are those of other code/);
  });

  test('a line of 0 is no line', () => {
    const module = withLines(setAddress(2), [3, 0x7f, 1], [2, leb(4)], END);
    assert.equal(dwarfOf(module)?.placeOf(module.functions.bodyStart[0]), undefined);
  });

  test('a sequence without an end is no code', () => {
    const module = withLines(setAddress(2), [1], [2, leb(4)], [1]);
    assert.equal(dwarfOf(module)?.placeOf(module.functions.bodyStart[0]), undefined);
  });

  test('an unknown version is a problem, and the programs behind it are read', () => {
    const broken = sized(half(9), word(0), 1, 2, 3);
    const good = program(setAddress(2), [1], [2, leb(4)], END);
    const module = decodeModule(madeModule({ '.debug_line': [broken, good] }));
    const dwarf = dwarfOf(module);
    assert.equal(dwarf?.placeOf(module.functions.bodyStart[0])?.line, 1);
    assert.deepEqual(dwarf?.problems(), [
      { message: 'version 9 of line tables is not supported', section: '.debug_line', offset: 0 },
    ]);
  });
});
