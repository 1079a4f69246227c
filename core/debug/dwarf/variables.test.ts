/** Which variable, member and element an address lies in. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decodeModule } from '../../wasm/decode.ts';
import type { DebugInfo, SourceVariable } from '../model.ts';
import { dwarfOf } from './dwarf.ts';
import { block, leb, madeInfo, madeInfoIn, madeModule, type Part, word } from './testing/made.ts';
import { casePaths } from './testing/recipes.ts';

function read(bytes: Uint8Array): DebugInfo {
  const dwarf = dwarfOf(decodeModule(bytes));
  assert.ok(dwarf);
  return dwarf;
}

const kept = (name: string): DebugInfo => read(new Uint8Array(readFileSync(casePaths(name).binary)));

/** Every variable and part of one in the first 2 MiB, as `name path: type`, each once. */
function parts(dwarf: DebugInfo): string[] {
  const found = new Set<string>();
  for (const start of [1024, 1 << 20]) {
    for (let address = start; address < start + 512; address++) {
      const variable = dwarf.variableAt(address);
      if (variable) found.add(`${variable.name}${variable.path}: ${variable.type}`);
    }
  }
  return [...found].sort();
}

describe('variables of C', () => {
  for (const name of ['c-dwarf4', 'c-dwarf5', 'c-dwarf3', 'c-types', 'c-dwarf5-types', 'c-whole-program']) {
    test(`${name}: members and elements`, () => {
      const found = parts(kept(name));
      for (const part of [
        'state.count: state_t',
        'state.slots[3].id: state_t',
        'state.slots[0].u: state_t',
        'state.in[1].b: state_t',
        'state.grid[1][2]: state_t',
        'counter: volatile int',
        'per_thread: int',
        'also_per_thread[2]: volatile char[3]',
      ]) {
        assert.ok(found.includes(part), `${part} in ${found.join(', ')}`);
      }
    });
  }

  test('what is static in a function has the name of the function before it', () => {
    const found = parts(kept('c-dwarf4'));
    assert.ok(found.includes('step::calls: int'), found.join(', '));
    assert.ok(found.includes('names[1]: const char *const[2]'), found.join(', '));
  });

  test('variables of threads say so; others do not', () => {
    const dwarf = kept('c-dwarf4');
    const all = Array.from({ length: 256 }, (_, i) => dwarf.variableAt(1024 + i)).filter((one) => one !== undefined);
    for (const { name, threadLocal } of all)
      assert.equal(threadLocal, /per_thread/.test(name) ? true : undefined, name);
  });

  test('where the blocks of threads are is known only when the module runs', () => {
    const found = parts(kept('c-threads'));
    assert.ok(found.includes('state.count: state_t'), found.join(', '));
    assert.deepEqual(
      found.filter((one) => one.includes('per_thread')),
      [],
    );
  });

  test('where a library is loaded is known only when it is', () => {
    const dwarf = kept('c-library');
    for (let address = 0; address < 256; address++) assert.equal(dwarf.variableAt(address), undefined, `${address}`);
    assert.ok(dwarf.files().includes('/build/counter.c'));
  });

  test('DWARF knows one memory', () => {
    const dwarf = kept('c-dwarf4');
    assert.ok(dwarf.variableAt(1024, 0));
    assert.equal(dwarf.variableAt(1024, 1), undefined);
  });

  test('where nothing is, nothing is said', () => {
    const dwarf = kept('c-dwarf4');
    for (const address of [0, 1, 1023, 1 << 20, 2 ** 32 - 1, 2 ** 32, -1, Number.NaN]) {
      assert.equal(dwarf.variableAt(address), undefined, `${address}`);
    }
  });

  test('names that another file has are missed in one problem for each', () => {
    const dwarf = kept('c-dwarf5-split');
    assert.equal(dwarf.variableAt(1024), undefined);
    assert.deepEqual(
      dwarf.problems().map(({ message }) => message),
      ['counter.dwo', 'other.dwo'].map(
        (file) => `the functions and variables of this unit are in ${file}, which is not read`,
      ),
    );
  });
});

test('variables of C++', () => {
  for (const name of ['cpp-dwarf4', 'cpp-dwarf5', 'cpp-dwarf5-types']) {
    const found = parts(kept(name));
    for (const part of [
      'app::Point::made: int',
      'app::(anonymous namespace)::hidden: volatile long',
      'app::box.value: app::Box<double>',
      // A member of the base class, and one of a structure without a name.
      'app::box.y: app::Box<double>',
      'app::box.q: app::Box<double>',
      'app::mode: app::Mode',
      'app::shared_inline: int',
    ]) {
      assert.ok(found.includes(part), `${name}: ${part} in ${found.join(', ')}`);
    }
  }
});

test('variables of Rust', () => {
  const found = parts(kept('rust'));
  for (const part of [
    'counter::COUNTER: u32',
    // What is in the wrapper of the library has its name.
    'counter::HITS: AtomicU32',
    'counter::TABLE[3].id: [Slot; 4]',
    'counter::TABLE[0].pair.1: [Slot; 4]',
    'counter::inner::note::CALLS: u8',
  ]) {
    assert.ok(found.includes(part), `${part} in ${found.join(', ')}`);
  }
});

test('variables of thread_local! in Rust have the name that was declared', () => {
  const abbreviations = [2, 0x39, 1, 0x03, 0x08, 0, 0, 3, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0, 0];
  for (const [inner, last] of [
    ['{closure#0}', '__RUST_STD_INTERNAL_VAL'],
    ['__getit', '__KEY'],
  ]) {
    const entries = [2, 'rich', 2, 'LOG', 2, inner, [3, last, block(0x03, word(64))], 0, 0, 0];
    assert.equal(read(madeModule(madeInfoIn(0x1c, abbreviations, entries))).variableAt(64)?.name, 'rich::LOG');
    // Elsewhere it is a name like others.
    assert.equal(
      read(madeModule(madeInfo(abbreviations, entries))).variableAt(64)?.name,
      `rich::LOG::${inner}::${last}`,
    );
  }
});

test('variables of Zig', () => {
  const found = parts(kept('zig'));
  for (const part of [
    'counter.hits: u32',
    'counter.mine: i32',
    'counter.slots[3].id: [4]counter.Slot',
    'counter.slots[0].pair[1]: [4]counter.Slot',
  ]) {
    assert.ok(found.includes(part), `${part} in ${found.join(', ')}`);
  }
});

/** `DW_TAG_variable` with a name and a location. */
const VARIABLE = [2, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0, 0];
/** The same with `DW_AT_type` as a reference of four bytes. */
const TYPED = [3, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0x49, 0x13, 0, 0];
/** `DW_TAG_base_type` with a name and a size. */
const BASE = [4, 0x24, 0, 0x03, 0x08, 0x0b, 0x0b, 0, 0];

const withLocation = (...location: readonly Part[]): DebugInfo =>
  read(madeModule(madeInfo(VARIABLE, 2, 'it', block(...location))));

/** The first address of the variable of `withLocation`, looked for at `addresses`. */
const startsAt = (dwarf: DebugInfo, ...addresses: readonly number[]): (number | undefined)[] =>
  addresses.map((address) => dwarf.variableAt(address)?.start);

describe('locations', () => {
  const ADDR = (address: number): Part => [0x03, word(address)];

  test('an address', () => assert.deepEqual(startsAt(withLocation(ADDR(64)), 63, 64, 65), [undefined, 64, undefined]));

  test('an address and a distance', () => {
    assert.deepEqual(startsAt(withLocation(ADDR(64), 0x23, leb(200)), 64, 264), [undefined, 264]);
  });

  test('a distance from an immutable global', () => {
    const location = [0xed, 3, word(0), ADDR(64), 0x22];
    assert.deepEqual(startsAt(withLocation(...location), 64, 4096 + 64), [undefined, 4096 + 64]);
    // The older form has the global in LEB128.
    assert.deepEqual(startsAt(withLocation(0xed, 1, leb(0), ADDR(64), 0x22), 64, 4096 + 64), [undefined, 4096 + 64]);
  });

  test('a distance from a mutable global is no address', () => {
    assert.deepEqual(startsAt(withLocation(0xed, 3, word(1), ADDR(64), 0x22), 0, 64), [undefined, undefined]);
  });

  test('a distance from a global that does not exist is no address', () => {
    assert.deepEqual(startsAt(withLocation(0xed, 3, word(77), ADDR(64), 0x22), 0, 64), [undefined, undefined]);
  });

  test('a block of the thread', () => {
    const variable = withLocation(0x0c, word(64), 0xe0).variableAt(64);
    assert.equal(variable?.threadLocal, true);
  });

  test('what the linker removed is nowhere', () => {
    for (const address of [0, 0xffffffff, 0xfffffffe]) {
      assert.equal(withLocation(ADDR(address)).variableAt(address), undefined);
    }
  });

  test('locals, values and pointers are in no fixed place', () => {
    for (const location of [
      [0xed, 0, leb(0), 0x9f],
      [0x91, leb(12)],
      [0x0c, word(64), 0x9f],
      [ADDR(64), 0x06],
      [ADDR(64), 0x9f],
      [0x0c, word(64)],
      [],
    ]) {
      assert.equal(withLocation(...location).variableAt(64), undefined, JSON.stringify(location));
    }
  });

  test('a variable in pieces', () => {
    const dwarf = withLocation(ADDR(64), 0x93, leb(4), 0x93, leb(4), ADDR(128), 0x93, leb(2));
    assert.deepEqual(startsAt(dwarf, 64, 67, 68, 128, 129, 130), [64, 64, undefined, 128, 128, undefined]);
  });

  test('a variable that was made smaller', () => {
    const dwarf = withLocation(ADDR(64), 0x94, 1, 0x31, 0x9f);
    assert.deepEqual(startsAt(dwarf, 64, 65), [64, undefined]);
    assert.equal(dwarf.variableAt(64)?.size, 1);
  });
});

describe('what is around an address', () => {
  /** Offsets of entries count from the unit, whose header and first entry take 14 bytes. */
  const FIRST = 14;
  const base = (name: string, size: number): Part => [4, name, size];

  const variable = (name: string, address: number, type: number): Part => [
    3,
    name,
    block(0x03, word(address)),
    word(type),
  ];

  function summary(found: SourceVariable | undefined): string | undefined {
    return found && `${found.name}${found.path}: ${found.type} at ${found.start}, ${found.size} bytes`;
  }

  test('the smallest variable', () => {
    const types = [base('wide', 16), base('narrow', 4)];
    const second = FIRST + 7;
    const dwarf = read(
      madeModule(
        madeInfo(
          [VARIABLE, TYPED, BASE],
          types,
          variable('outer', 64, FIRST),
          variable('inner', 68, second),
          variable('same', 64, second),
        ),
      ),
    );
    assert.equal(summary(dwarf.variableAt(64)), 'same: narrow at 64, 4 bytes');
    assert.equal(summary(dwarf.variableAt(71)), 'inner: narrow at 68, 4 bytes');
    assert.equal(summary(dwarf.variableAt(72)), 'outer: wide at 64, 16 bytes');
    assert.equal(summary(dwarf.variableAt(80)), undefined);
  });
});
