/** Broken and hostile debug sections: no exception, no hang, and what is left is used. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { random } from '../../testing/random.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { DebugInfo } from '../model.ts';
import { askAll } from '../testing/askAll.ts';
import { damagedDebug } from '../testing/mutants.ts';
import { dwarfOf } from './dwarf.ts';
import { block, half, leb, long, madeInfo, madeModule, type Part, sized, word } from './testing/made.ts';
import { casePaths, RECIPES } from './testing/recipes.ts';

/** Asks everything once. Answers may be missing, but are well formed. */
function askAllOf(bytes: Uint8Array): DebugInfo | undefined {
  const module = decodeModule(bytes);
  const dwarf = dwarfOf(module);
  if (dwarf === undefined) return undefined;
  askAll(module, dwarf);
  for (const { section } of dwarf.problems()) assert.ok(section.startsWith('.debug_'));
  return dwarf;
}

const bytesOfCase = (name: string): Uint8Array => new Uint8Array(readFileSync(casePaths(name).binary));

describe('mutants', () => {
  for (const name of [...Object.keys(RECIPES), 'rust', 'zig']) {
    test(name, () => {
      const original = bytesOfCase(name);
      for (let seed = 0; seed < 60; seed++) {
        try {
          askAllOf(damagedDebug(original, random(seed)));
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
    });
  }

  test('every section cut at every length', () => {
    const original = bytesOfCase('c-dwarf5-optimised');
    const sections = Object.fromEntries(
      decodeModule(original)
        .sections.filter(({ name }) => name.startsWith('.debug_'))
        .map(({ name, start, end }) => [name, [...original.subarray(start, end)]]),
    );
    for (const [name, bytes] of Object.entries(sections)) {
      for (let length = 0; length < bytes.length; length++) {
        askAllOf(madeModule({ ...sections, [name]: bytes.slice(0, length) }));
      }
    }
  });
});

const ask = (sections: Readonly<Record<string, readonly Part[]>>): DebugInfo => {
  const dwarf = askAllOf(madeModule(sections));
  assert.ok(dwarf);
  return dwarf;
};

const messages = (dwarf: DebugInfo): string[] => dwarf.problems().map(({ message }) => message);

describe('lengths', () => {
  test('units and programs of 4 GiB', () => {
    const huge = [word(0xffffffef), half(4), word(0), 4, 1];
    const dwarf = ask({ '.debug_info': huge, '.debug_abbrev': [0], '.debug_line': huge });
    assert.deepEqual(messages(dwarf), [
      'a unit of 4294967279 bytes does not fit into the 8 bytes that are left',
      'a unit of 4294967279 bytes does not fit into the 8 bytes that are left',
    ]);
  });

  test('units of 2 to the 63', () => {
    const huge = [word(0xffffffff), word(0), word(0x80000000), half(4), word(0), 4, 1];
    assert.match(messages(ask({ '.debug_info': huge, '.debug_abbrev': [0] }))[0], /does not fit/);
  });

  test('units with 64-bit offsets', () => {
    const abbreviations = [1, 0x11, 1, 0x13, 0x05, 0, 0, 2, 0x34, 0, 0x03, 0x0e, 0x02, 0x18, 0, 0, 0];
    const unit = [half(4), long(0), 4, 1, half(0x0c), 2, long(3), block(0x03, word(64)), 0];
    const size = unit.flat(3).length;
    const dwarf = ask({
      '.debug_abbrev': abbreviations,
      '.debug_info': [word(0xffffffff), long(size), unit],
      '.debug_str': ['no', 'yes'],
    });
    assert.equal(dwarf.variableAt(64)?.name, 'yes');
  });

  test('blocks and texts that do not end', () => {
    for (const entry of [
      [2, 'it', leb(0xffffffff), 0x03],
      [2, 0x61, 0x61],
    ]) {
      const dwarf = ask(madeInfo([2, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0, 0], entry));
      assert.ok(dwarf.problems().length > 0);
    }
  });

  test('tables of files with four billion entries of no bytes', () => {
    const header = [1, 1, 1, -5, 14, 13, [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]];
    for (const formats of [[0], [1, leb(1), leb(0x19)], [1, leb(1), leb(0x21)]]) {
      const tables = [formats, leb(0xffffffff), formats, leb(0xffffffff)];
      const dwarf = ask({ '.debug_line': [sized(half(5), 4, 0, sized(header, tables))] });
      assert.deepEqual([...dwarf.files()], []);
    }
  });
});

describe('loops', () => {
  /** Offset of the first entry behind the root. */
  const FIRST = 14;

  test('entries that specify themselves, or each other', () => {
    const abbreviations = [2, 0x34, 0, 0x47, 0x13, 0x02, 0x18, 0, 0];
    const variable = (of: number): Part => [2, word(of), block(0x03, word(64))];
    for (const entries of [[variable(FIRST)], [variable(FIRST + 11), variable(FIRST)]]) {
      assert.equal(ask(madeInfo(abbreviations, ...entries)).variableAt(64), undefined);
    }
  });

  test('types that are themselves', () => {
    const variable = [2, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0x49, 0x13, 0, 0];
    const at = (type: number): Part => [2, 'it', block(0x03, word(64)), word(type)];
    // `const`, pointer, typedef, array and structure member.
    for (const tag of [0x26, 0x0f, 0x16, 0x01]) {
      const dwarf = ask(madeInfo([variable, 3, tag, 0, 0x49, 0x13, 0, 0], [3, word(FIRST)], at(FIRST)));
      assert.equal(dwarf.variableAt(64)?.path, '');
    }
    const structure = [3, 0x13, 1, 0x0b, 0x0b, 0, 0, 4, 0x0d, 0, 0x03, 0x08, 0x49, 0x13, 0, 0];
    const dwarf = ask(madeInfo([variable, structure], [3, 8, [4, 'm', word(FIRST)], 0], at(FIRST)));
    assert.match(dwarf.variableAt(64)?.path ?? '', /^(\.m){1,40}$/);
  });

  test('scopes as deep as the section', () => {
    const abbreviations = [2, 0x39, 1, 0x03, 0x08, 0, 0, 3, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0, 0];
    const nested = Array.from({ length: 20_000 }, (): Part => [2, 'a']);
    const dwarf = ask(madeInfo(abbreviations, ...nested, [3, 'it', block(0x03, word(64))]));
    const name = dwarf.variableAt(64)?.name ?? '';
    assert.ok(name.endsWith('::it') && name.length < 2000, name);
  });

  test('inlined calls as deep as the section', () => {
    const abbreviations = [
      [2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06, 0, 0],
      [3, 0x1d, 1, 0x11, 0x01, 0x12, 0x06, 0x58, 0x0b, 0x59, 0x0b, 0, 0],
    ];
    const nested = Array.from({ length: 5000 }, (): Part => [3, word(2), word(4), 1, 9]);
    ask(madeInfo(abbreviations, [2, 'f', word(2), word(4)], ...nested));
  });

  test('a form that says that its form follows, and so on', () => {
    const indirect = Array.from({ length: 1000 }, () => 0x16);
    const dwarf = ask(
      madeInfo([2, 0x34, 0, 0x03, 0x16, 0x02, 0x18, 0, 0], [2, indirect, 0x08, 'it', block(0x03, word(64))]),
    );
    assert.match(messages(dwarf).join(), /form/);
  });
});

describe('work that grows faster than the section', () => {
  test('units whose tables of abbreviations are each other', () => {
    // A table of 50,000 bytes; each unit begins to read it one entry later.
    const entry = [2, 0x34, 0, 0x03, 0x08, 0, 0];
    const table = Array.from({ length: 7000 }, () => entry).flat();
    const units = Array.from({ length: 7000 }, (_, i) => sized(half(4), word(7 * i), 4, 2, 0));
    const dwarf = ask({ '.debug_abbrev': [table, 0], '.debug_info': units });
    assert.match(messages(dwarf).join(), /the tables of abbreviations overlap/);
  });

  test('functions that share a long list of ranges', () => {
    const list = Array.from({ length: 20_000 }, () => [...word(2), ...word(6)]).flat();
    const functions = Array.from({ length: 5000 }, (): Part => [2, 'f', word(0)]);
    const dwarf = ask({
      ...madeInfo([2, 0x2e, 0, 0x03, 0x08, 0x55, 0x17, 0, 0], ...functions),
      '.debug_ranges': [list, long(0)],
    });
    assert.match(messages(dwarf).join(), /there are too many ranges/);
  });

  test('many variables at one address', () => {
    const variables = Array.from({ length: 20_000 }, (): Part => [2, 'it', block(0x03, word(64))]);
    const dwarf = ask(madeInfo([2, 0x34, 0, 0x03, 0x08, 0x02, 0x18, 0, 0], ...variables));
    for (let i = 0; i < 2000; i++) assert.equal(dwarf.variableAt(64)?.name, 'it');
  });
});
