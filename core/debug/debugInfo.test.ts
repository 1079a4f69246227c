/**
 * The kinds of debug information together. `cases/counter-c.wasm` is made by clang 14 (`clang --target=wasm32 -O1 -g -nostdlib
 * -Wl,--no-entry -ffile-prefix-map=$PWD=/build/counter`) of a file whose line 6 is `counter = counter + 1;` in `bump`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeModule } from '../wasm/decode.ts';
import { useDemangler } from '../wasm/demangle.ts';
import type { Module } from '../wasm/module.ts';
import { NO_OUTER_NAMES } from '../wasm/outerNames/model.ts';
import { withOuterNames } from '../wasm/outerNames/section.ts';
import { debugInfoOf } from './debugInfo.ts';
import { NO_SIDE_FILES, type ReadSideFile, type SideReference, sideReferences } from './sideFiles.ts';
import { joinedBytes, nameSection, withoutSections } from './testing/sections.ts';

const C = readFileSync(join(import.meta.dirname, 'cases', 'counter-c.wasm'));
const AS = readFileSync(join(import.meta.dirname, 'cases', 'counter.wasm'));
const AS_MAP = readFileSync(join(import.meta.dirname, 'cases', 'counter.wasm.map'));
const C_FILE = '/build/counter/counter.c';
const isDebug = (name: string): boolean => name.startsWith('.debug_');
const stripped = withoutSections(C, isDebug);

/** The stripped module with a section that names a file. */
const naming = (section: string, name: string, bytes = stripped): Module =>
  decodeModule(joinedBytes(bytes, nameSection(section, name)));

/** A reader of one file, which counts. */
function reader(bytes: Uint8Array): { read: ReadSideFile; asked: SideReference[] } {
  const asked: SideReference[] = [];
  return {
    asked,
    read(reference) {
      asked.push(reference);
      return { bytes };
    },
  };
}

/** The lines of all bytes of a module. */
const linesOf = (module: Module, read?: ReadSideFile): (number | undefined)[] => {
  const info = debugInfoOf(module, read);
  return Array.from(module.bytes.subarray(0, stripped.length), (_, at) => info.placeOf(at)?.line);
};
const expected = linesOf(decodeModule(C));

describe('DWARF', () => {
  it('in the module comes first, and no file is read', () => {
    const module = decodeModule(joinedBytes(C, nameSection('sourceMappingURL', 'x.map')));
    const info = debugInfoOf(module, () => assert.fail());
    assert.equal(info.origin, 'dwarf');
    assert.deepEqual(info.files(), [C_FILE]);
    assert.equal(info.placeOf(80)?.line, 6);
    assert.equal(info.variableAt(99_999), undefined);
    assert.equal(info.functionAt(99), undefined);
    assert.deepEqual(info.problems(), []);
  });

  it('in a file of its own says the same', () => {
    const { read, asked } = reader(C);
    const module = naming('external_debug_info', 'counter.debug.wasm');
    const info = debugInfoOf(module, read);
    assert.equal(asked.length, 0);
    assert.equal(info.origin, 'dwarf');
    assert.equal(asked[0].name, 'counter.debug.wasm');
    assert.deepEqual(linesOf(module, read), expected);
    info.placeOf(80);
    info.functionAt(0);
    assert.equal(asked.filter((one) => one === asked[0]).length, 1);
  });

  it('is found by the code, wherever that stands in the other file', () => {
    const header = C.subarray(0, 8);
    const moved = joinedBytes(header, nameSection('before', 'all'), C.subarray(8));
    assert.deepEqual(linesOf(naming('external_debug_info', 'x'), reader(moved).read), expected);
  });

  it('may be alone in that file', () => {
    const sections = decodeModule(C).sections.filter(({ name }) => isDebug(name));
    const alone = joinedBytes(C.subarray(0, 8), ...sections.map(({ offset, end }) => C.subarray(offset, end)));
    assert.deepEqual(linesOf(naming('external_debug_info', 'x'), reader(alone).read), expected);
  });

  it('of another build is not used', () => {
    const other = Uint8Array.from(C);
    other[90] ^= 1;
    const info = debugInfoOf(naming('external_debug_info', 'x'), reader(other).read);
    assert.equal(info.placeOf(80), undefined);
    const [problem] = info.problems();
    assert.match(problem.message, /another build/);
    assert.equal(problem.section, 'external_debug_info');
  });

  it('in what is no module is a problem, and the names remain', () => {
    for (const bytes of [AS, AS_MAP, new Uint8Array(), Uint8Array.of(0, 97, 115, 109)]) {
      const info = debugInfoOf(naming('external_debug_info', 'x'), reader(bytes).read);
      assert.equal(info.origin, 'symbols');
      assert.equal(info.functionAt(0)?.name, 'bump');
      assert.match(info.problems()[0].message, /not a module with DWARF|another build/);
    }
  });
});

describe('a source map', () => {
  it('comes after a side file that cannot be read', () => {
    const module = decodeModule(joinedBytes(AS, nameSection('external_debug_info', 'gone.wasm')));
    const info = debugInfoOf(module, ({ kind }) =>
      kind === 'source-map' ? { bytes: AS_MAP } : { problem: 'gone.wasm does not exist' },
    );
    assert.equal(info.origin, 'source-map');
    assert.equal(info.placeOf(121)?.line, 16);
    assert.deepEqual(
      info.problems().map(({ message }) => message),
      ['gone.wasm does not exist'],
    );
  });

  it('may be in the name itself', () => {
    const bare = withoutSections(AS, (name) => name === 'sourceMappingURL');
    for (const url of [
      `data:application/json;base64,${AS_MAP.toString('base64')}`,
      `data:application/json;charset=utf-8;base64,${AS_MAP.toString('base64url')}`,
      `data:application/json,${encodeURIComponent(AS_MAP.toString())}`,
    ])
      assert.equal(debugInfoOf(naming('sourceMappingURL', url, bare), NO_SIDE_FILES).placeOf(121)?.line, 16);
    for (const url of ['data:', 'data:;base64', 'data:;base64,(', 'data:,%'])
      assert.match(problemAfterAsking(naming('sourceMappingURL', url, bare)), /data URL|JSON/);
  });
});

/** The first problem that a question meets. */
function problemAfterAsking(module: Module): string {
  const info = debugInfoOf(module);
  info.placeOf(121);
  return info.problems()[0].message;
}

describe('names', () => {
  it('are all that remains without more', () => {
    const info = debugInfoOf(decodeModule(stripped));
    assert.equal(info.origin, 'symbols');
    assert.equal(info.functionAt(1)?.name, 'put');
    assert.deepEqual(info.files(), []);
    assert.equal(debugInfoOf(decodeModule(withoutSections(C, () => true))).origin, 'none');
  });

  it('of a symbol map or of glue beside the module count as its own', () => {
    const bare = withoutSections(C, () => true);
    const functions = new Map([[1, '_ZN7counter3putEii']]);
    const info = debugInfoOf(decodeModule(withOuterNames(bare, { ...NO_OUTER_NAMES, functions })));
    assert.deepEqual(
      [info.origin, info.functionAt(0), info.functionAt(1)?.name],
      ['symbols', undefined, '_ZN7counter3putEii'],
    );
    useDemangler(() => 'counter::put(int, int)');
    assert.equal(info.functionAt(1)?.name, 'counter::put(int, int)');
    useDemangler(undefined);
  });

  it('and paths are harmless, and stay keys', () => {
    const evil = 'src/\u202ea.c\n';
    const map = JSON.stringify({ version: 3, sources: [evil], mappings: 'yHAAA', sourcesContent: ['x'] });
    const info = debugInfoOf(naming('sourceMappingURL', `data:,${encodeURIComponent(map)}`, AS));
    // The module names its own map first, which is not at hand.
    const [file] = info.files();
    assert.equal(file, 'src/\\u{202e}a.c\\u{a}');
    assert.equal(info.placeOf(121)?.file, file);
    assert.deepEqual(info.offsetsOf(file, 1).slice(0, 2), [121, 123]);
    assert.equal(info.contentOf(file), 'x');
  });
});

describe('sections that name files', () => {
  it('are read as far as they are names', () => {
    const names = (...sections: Uint8Array[]) =>
      sideReferences(decodeModule(joinedBytes(stripped, ...sections))).map(({ kind, name }) => `${kind} ${name}`);
    assert.deepEqual(names(nameSection('sourceMappingURL', 'a.map'), nameSection('external_debug_info', 'b.wasm')), [
      'source-map a.map',
      'debug-module b.wasm',
    ]);
    assert.deepEqual(names(nameSection('sourceMappingURL', '')), []);
    assert.deepEqual(names(nameSection('sourceMappingURL', 'a'.repeat(5000))), []);
    assert.equal(names(...new Array<Uint8Array>(50).fill(nameSection('sourceMappingURL', 'a'))).length, 4);
  });

  it('with any contents never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (contents) => {
        const section = nameSection('sourceMappingURL', 'abcdefgh');
        const broken = joinedBytes(section.subarray(0, section.length - 9), contents);
        const info = debugInfoOf(decodeModule(joinedBytes(stripped, broken)));
        info.placeOf(80);
        info.problems();
      }),
    );
  });
});
