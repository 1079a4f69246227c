/**
 * Source maps: one that AssemblyScript 0.28.20 made (`cases/counter.wasm`: `asc assembly/counter.ts -o counter.wasm
 * --sourceMap --runtime stub -O1 --debug`), those that Binaryen makes, and hostile ones.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeModule } from '../wasm/decode.ts';
import type { Module } from '../wasm/module.ts';
import { debugInfoOf } from './debugInfo.ts';
import { sourceMapSteps } from './sourceMap.ts';
import { allSteps } from './steps.ts';

const CASES = join(import.meta.dirname, 'cases');
const module = decodeModule(readFileSync(join(CASES, 'counter.wasm')));
const text = readFileSync(join(CASES, 'counter.wasm.map'), 'utf8');
const FILE = 'assembly/counter.ts';

const readSourceMap = (map: string, of: Module, name: string) => allSteps(sourceMapSteps(map, of, name));

/** Reads a map that must be usable. */
function mapOf(map: object | string, of: Module = module) {
  const found = readSourceMap(typeof map === 'string' ? map : JSON.stringify(map), of, './counter.wasm.map');
  assert.ok(!('problem' in found), JSON.stringify(found));
  return found;
}

/** What is wrong with a map. */
function problemOf(map: unknown): string {
  const found = readSourceMap(typeof map === 'string' ? map : JSON.stringify(map), module, 'x.map');
  assert.ok('problem' in found);
  return found.problem;
}

describe('a map of AssemblyScript', () => {
  const info = debugInfoOf(module, ({ name, kind }) => {
    assert.equal(kind, 'source-map');
    assert.equal(name, './counter.wasm.map');
    return { bytes: readFileSync(join(CASES, name)) };
  });

  it('gives lines and columns from one, without the root that the compiler makes up', () => {
    assert.equal(info.origin, 'source-map');
    assert.deepEqual(info.files(), [FILE]);
    assert.deepEqual(info.placeOf(121), { file: FILE, line: 16, column: 10, function: 'bump' });
    // An instruction between two mappings belongs to the first.
    assert.deepEqual(info.placeOf(124), { file: FILE, line: 16, column: 17, function: 'bump' });
    assert.deepEqual(info.placeOf(138), { file: FILE, line: 8, column: 19, function: 'bump' });
  });

  it('knows nothing where the map ends a range, of other functions, and outside of the code', () => {
    for (const offset of [116, 130, 147, 148, 20, 0, -1, 1e9, Number.NaN])
      assert.equal(info.placeOf(offset), undefined);
    // The first functions have no mappings.
    for (let offset = 78; offset < 104; offset++) assert.equal(info.placeOf(offset), undefined, `${offset}`);
  });

  it('gives the beginning of a function the place of its first instruction', () => {
    const { bodyStart, entry } = module.functions;
    for (const offset of [entry[3], bodyStart[3]])
      assert.deepEqual(info.placeOf(offset), { file: FILE, line: 16, column: 10, function: 'bump' });
  });

  it('finds all instructions of a line', () => {
    assert.deepEqual(info.offsetsOf(FILE, 16), [121, 123, 125, 126]);
    assert.deepEqual(info.offsetsOf(FILE, 8), [132, 134, 136, 138, 141]);
    assert.deepEqual(info.offsetsOf(FILE, 1), []);
    assert.deepEqual(info.offsetsOf('other.ts', 16), []);
  });

  it('spells names as the language does', () => {
    const { imported, entry } = module.functions;
    const names = [...entry].map((_, at) => info.functionAt(imported + at)?.name);
    assert.deepEqual(names.slice(-2), ['reset', 'bump']);
    assert.equal(info.functionAt(99), undefined);
  });

  it('keeps the text of the build', () => {
    assert.match(info.contentOf(FILE) ?? '', /^\/\/ Compiled with AssemblyScript/);
    assert.equal(info.contentOf('other.ts'), undefined);
    assert.deepEqual(info.problems(), []);
  });
});

describe('paths of a map', () => {
  const make = (sources: unknown[], sourceRoot?: string) =>
    mapOf({ version: 3, sources, sourceRoot, names: [], mappings: 'qHAAA' }).files;

  it('are joined to the root, unless that is made up', () => {
    assert.deepEqual(make(['a.c'], '/build'), ['/build/a.c']);
    assert.deepEqual(make(['a.c', '/abs/b.c']), ['a.c', '/abs/b.c']);
    assert.deepEqual(make(['../a.c'], 'src/deep'), ['src/a.c']);
    assert.deepEqual(make(['a.ts'], './counter'), ['a.ts']);
    assert.deepEqual(make(['a.ts'], './other'), ['./other/a.ts']);
    assert.deepEqual(make(['a.ts', '~lib/rt.ts'], './module'), ['a.ts', '~lib/rt.ts']);
  });

  it('may be missing', () => {
    assert.equal(make([null, 7, '']).length, 3);
  });
});

describe('maps that cannot be used', () => {
  it('say why', () => {
    assert.match(problemOf('no JSON'), /not JSON/);
    assert.match(problemOf('7'), /not a JSON object/);
    assert.match(problemOf('null'), /not a JSON object/);
    assert.match(problemOf({}), /not of version 3/);
    assert.match(problemOf({ version: 2, mappings: '' }), /not of version 3/);
    assert.match(problemOf({ version: 3 }), /no mappings/);
    assert.match(problemOf({ version: 3, mappings: '' }), /no list of sources/);
    assert.match(problemOf({ version: 3, mappings: '', sources: new Array(100_001).fill('a') }), /too long/);
    assert.match(problemOf({ version: 3, sections: [] }), /sections/);
    // Byte 500 of a module of 342 bytes.
    assert.match(problemOf({ version: 3, sources: ['a.c'], mappings: 'ofAAA' }), /another build: it has byte 500/);
  });

  it('of another build, whose places are within instructions, are refused', () => {
    const { mappings, ...rest } = JSON.parse(text) as { mappings: string };
    // The first mapping counts from the beginning of the file, the others from the one before: all are one byte later now.
    assert.match(mappings, /^0G/);
    assert.match(problemOf({ ...rest, mappings: mappings.replace(/^0G/, '2G') }), /another build: its places/);
  });

  it('are refused when they are too large, before they are decoded', () => {
    const commas = ','.repeat(4_000_001);
    assert.match(problemOf({ version: 3, sources: ['a.c'], mappings: `AAAA${commas}` }), /too large/);
    // Further lines mean nothing in a module, and are not decoded.
    mapOf({ version: 3, sources: ['a.c'], mappings: `AAAA${';'.repeat(10_000_000)}` });
  });

  it('end the mapping before where they name a source that does not exist', () => {
    // Bytes 121, 123 and 125 of the module: source 0, source 9, source 0.
    const map = mapOf({ version: 3, sources: ['a.c'], mappings: 'yHAAA,ESAA,ETCA' });
    assert.deepEqual(
      [121, 122, 123, 124, 125].map((at) => map.at(at)?.line),
      [1, 1, undefined, undefined, 2],
    );
  });

  it('with any text never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (any) => {
        readSourceMap(any, module, 'x.map');
      }),
    );
  });

  it('with any mappings never throw, and never answer outside of the code', () => {
    const vlq = fc.string({ unit: fc.constantFrom(...'ACDEgh0/+9z,;'), maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(vlq, fc.string()), fc.array(fc.oneof(fc.string(), fc.anything())), (mappings, sources) => {
        const map = readSourceMap(JSON.stringify({ version: 3, sources, mappings }), module, 'x.map');
        if ('problem' in map) return;
        for (let at = -1; at <= module.bytes.length; at++) {
          const place = map.at(at);
          if (place === undefined) continue;
          assert.ok(at >= 77 && at < 148 && place.line >= 1 && place.column >= 1 && place.source < sources.length);
          map.offsetsOf(place.source, place.line);
        }
      }),
    );
  });

  it('that were cut or changed anywhere never throw', () => {
    for (let length = 0; length < text.length; length += 37) readSourceMap(text.slice(0, length), module, 'x.map');
    fc.assert(
      fc.property(fc.nat(400), fc.string({ maxLength: 6 }), (at, put) => {
        readSourceMap(text.slice(0, at) + put + text.slice(at + put.length), module, 'x.map');
      }),
    );
  });
});
