/** Debug information with files on the disk: read at once and in the background, within the workspace, and stale. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { neededFiles } from '../core/debug/debugInfo.ts';
import { joinedBytes, nameSection, withoutSections } from '../core/debug/testing/sections.ts';
import { decodeModule } from '../core/wasm/decode.ts';
import type { Module } from '../core/wasm/module.ts';
import type { SourceScope } from './debug/sourceFiles.ts';
import { loadModuleSources, type ModuleSources, moduleSources } from './debugFiles.ts';

const CASES = join(import.meta.dirname, '../core/debug/cases');
const AS = readFileSync(join(CASES, 'counter.wasm'));
const C = readFileSync(join(CASES, 'counter-c.wasm'));
const FILE = 'assembly/counter.ts';
const C_FILE = '/build/counter/counter.c';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-debug-')));
after(() => rmSync(root, { recursive: true, force: true }));
const at = (...parts: string[]): string => join(root, ...parts);

/** Paths have slashes in answers. */
const slashed = (path: string): string => path.replaceAll('\\', '/');

beforeEach(() => {
  for (const folder of ['ws', 'out']) rmSync(at(folder), { recursive: true, force: true });
  for (const folder of ['ws/build', 'ws/assembly', 'ws/counter', 'out']) mkdirSync(at(folder), { recursive: true });
  cpSync(join(CASES, 'counter.wasm.map'), at('ws/build/counter.wasm.map'));
});

const scope: SourceScope = { module: at('ws/build/m.wasm'), roots: [at('ws')], sourcePaths: {}, mtime: 1e12 };

/** A module whose debug information is in the file that a section names. */
const naming = (section: string, name: string): Module =>
  decodeModule(
    joinedBytes(
      withoutSections(section === 'sourceMappingURL' ? AS : C, (one) => one === section || one.startsWith('.debug_')),
      nameSection(section, name),
    ),
  );

/** Both ways must say the same. */
async function both<T>(module: Module, ask: (sources: ModuleSources) => T, from = scope): Promise<T> {
  const now = ask(moduleSources(module, from));
  assert.deepEqual(ask(await loadModuleSources(module, from)), now);
  return now;
}

describe('files that a module names', () => {
  it('are found beside it and in the workspace', async () => {
    cpSync(join(CASES, 'counter.wasm.map'), at('ws/x.map'));
    for (const name of ['counter.wasm.map', '../x.map', at('ws/x.map')])
      assert.equal(await both(naming('sourceMappingURL', name), ({ info }) => info.placeOf(121)?.line), 16, name);
    cpSync(join(CASES, 'counter-c.wasm'), at('ws/build/m.debug.wasm'));
    const external = naming('external_debug_info', 'm.debug.wasm');
    assert.equal(await both(external, ({ info }) => info.placeOf(80)?.line), 6);
    assert.equal(await both(external, ({ info }) => info.variableAt(1024)?.name), 'counter');
  });

  it('with the other halves of units are found beside it, or in a package', async () => {
    const split = join(CASES, 'split');
    const module = decodeModule(readFileSync(join(split, 'split-5.wasm')));
    const names = ({ info }: ModuleSources) => [info.functionAt(0)?.line, info.variableAt(1028)?.type];
    const missing = await both(module, ({ info }) => [
      info.variableAt(1028),
      info.problems().map(({ message }) => message),
    ]);
    assert.deepEqual(missing, [undefined, ['two-5.dwo does not exist', 'counter-5.dwo does not exist']]);
    for (const name of ['two-5.dwo', 'counter-5.dwo']) cpSync(join(split, name), at('ws/build', name));
    const found = await both(module, names);
    assert.ok(found.every((one) => one !== undefined));
    for (const name of ['two-5.dwo', 'counter-5.dwo']) rmSync(at('ws/build', name));
    for (const name of ['m.wasm.dwp', 'm.dwp']) {
      cpSync(join(split, 'package-5.dwp'), at('ws/build', name));
      assert.deepEqual(await both(module, names), found);
      rmSync(at('ws/build', name));
    }
  });

  it('are not read where the module has its lines', async () => {
    const both = decodeModule(joinedBytes(C, nameSection('sourceMappingURL', 'counter.wasm.map')));
    const { info } = await loadModuleSources(both, scope);
    assert.equal(info.origin, 'dwarf');
    assert.deepEqual(neededFiles(both), []);
    assert.deepEqual(
      neededFiles(naming('sourceMappingURL', 'a.map')).map(({ name }) => name),
      ['a.map'],
    );
  });

  it('outside are not opened, and the module says so', async () => {
    cpSync(join(CASES, 'counter.wasm.map'), at('out/x.map'));
    for (const name of [
      '../../out/x.map',
      at('out/x.map'),
      'https://example.org/x.map',
      '//server/x.map',
      '/dev/zero',
    ]) {
      const said = await both(naming('sourceMappingURL', name), ({ info }) => [
        info.placeOf(121),
        info.problems().map(({ message }) => message),
      ]);
      assert.equal(said[0], undefined);
      assert.match(String(said[1]), /not opened|nothing is fetched/, name);
    }
  });

  it('that are missing, folders, or no text at all are problems', async () => {
    writeFileSync(at('ws/build/bad.map'), Uint8Array.of(0xff, 0, 0x80));
    for (const [name, why] of [
      ['gone.map', /gone\.map does not exist/],
      ['../build', /is not a file/],
      ['bad.map', /not JSON/],
    ] as const) {
      const problems = await both(naming('sourceMappingURL', name), ({ info }) => {
        info.placeOf(121);
        return info.problems();
      });
      assert.match(problems[0].message, why);
    }
  });

  it('that are pipes keep nobody waiting', {
    skip: process.platform === 'win32' && 'no pipes among files',
  }, async () => {
    execFileSync('mkfifo', [at('ws/build/pipe.map')]);
    const problems = await both(naming('sourceMappingURL', 'pipe.map'), ({ info }) => {
      info.placeOf(121);
      return info.problems();
    });
    assert.match(problems[0].message, /is not a file/);
  });

  it('are not looked at before somebody asks', () => {
    const sources = moduleSources(naming('sourceMappingURL', 'later.map'), scope);
    cpSync(join(CASES, 'counter.wasm.map'), at('ws/build/later.map'));
    assert.equal(sources.info.placeOf(121)?.line, 16);
  });
});

describe('sources', () => {
  const map = naming('sourceMappingURL', 'counter.wasm.map');
  const dwarf = decodeModule(C);
  const text = (JSON.parse(readFileSync(join(CASES, 'counter.wasm.map'), 'utf8')) as { sourcesContent: string[] })
    .sourcesContent[1];
  const write = (path: string, content: string, mtime: number): void => {
    writeFileSync(at(path), content);
    utimesSync(at(path), mtime / 1000, mtime / 1000);
  };
  const sourceOf = (module: Module, file: string, from = scope) =>
    both(module, (sources) => sources.sourceOf(file), from);

  it('are compared with the copy in the map, whatever their time', async () => {
    write('ws/assembly/counter.ts', text, 2e12);
    const path = slashed(at('ws/assembly/counter.ts'));
    assert.deepEqual(await sourceOf(map, FILE), { path });
    write('ws/assembly/counter.ts', text.replaceAll('\n', '\r\n'), 2e12);
    assert.deepEqual(await sourceOf(map, FILE), { path });
    write('ws/assembly/counter.ts', `\n${text}`, 5e11);
    assert.deepEqual(await sourceOf(map, FILE), { path, stale: 'changed' });
  });

  it('else are stale when they are newer than the module', async () => {
    const path = slashed(at('ws/counter/counter.c'));
    for (const [mtime, stale] of [
      [5e11, undefined],
      [1e12 + 1000, undefined],
      [1e12 + 5000, 'newer'],
    ] as const) {
      write('ws/counter/counter.c', 'int counter;\n', mtime);
      assert.deepEqual(await sourceOf(dwarf, C_FILE), { path, ...(stale && { stale }) });
    }
  });

  it('are where the setting says, inside of its folder', async () => {
    mkdirSync(at('out/deep'), { recursive: true });
    write('out/deep/counter.c', '', 5e11);
    assert.equal(await sourceOf(dwarf, C_FILE), undefined);
    const set = (folder: string) => ({ ...scope, sourcePaths: { '/build/counter': folder } });
    const path = slashed(at('out/deep/counter.c'));
    assert.equal(slashed((await sourceOf(dwarf, C_FILE, set(at('out/deep'))))?.path ?? ''), path);
    assert.equal(slashed((await sourceOf(dwarf, C_FILE, set('../out/deep')))?.path ?? ''), path);
    assert.equal(await sourceOf(dwarf, C_FILE, set(at('nowhere'))), undefined);
    // The setting wins over a file that is only alike.
    write('ws/counter/counter.c', '', 5e11);
    assert.equal(slashed((await sourceOf(dwarf, C_FILE, set(at('out/deep'))))?.path ?? ''), path);
  });

  it('are not looked for in folders of dependencies, nor in hidden ones', async () => {
    mkdirSync(at('ws/node_modules/counter'), { recursive: true });
    mkdirSync(at('ws/.hidden/counter'), { recursive: true });
    write('ws/node_modules/counter/counter.c', '', 5e11);
    write('ws/.hidden/counter/counter.c', '', 5e11);
    assert.equal(await sourceOf(dwarf, C_FILE), undefined);
  });
});
