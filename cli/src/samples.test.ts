/**
 * What the commands say of the samples in `test-fixtures/source`, as somebody reads it in that folder: golden texts, and
 * that places and variables are where the sources have them.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertGoldenText } from '../../core/testing/golden.ts';
import { FIXTURES } from '../../core/testing/paths.ts';
import { runWith, steadyOutput } from './testing/cli.ts';

const MODULES = ['c/visits.wasm', 'c-dwarf5/ring.wasm', 'rust/counter.wasm', 'assemblyscript/gate.wasm'];
let folder: string;
let home: string;

before(async () => {
  home = process.cwd();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'samples-')));
  // Binaries last: as after a build.
  for (const binaries of [false, true])
    await cp(join(FIXTURES, 'source'), folder, {
      recursive: true,
      filter: (path) => !/\.\w+$/.test(path) || /\.(?:wasm|map)$/.test(path) === binaries,
    });
  process.chdir(folder);
});
after(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

describe('as text', () => {
  const cases: Readonly<Record<string, string[]>> = {
    'sample-check': ['check', ...MODULES],
    'sample-stress-c': ['stress', 'c/visits.wasm', '--call', 'welcome(2)'],
    'sample-stress-ring': ['stress', 'c-dwarf5/ring.wasm', '--call', 'put(5)', '--call', 'put(6)'],
    'sample-stress-rust': ['stress', 'rust/counter.wasm', '--call', 'bump()'],
    'sample-stress-assemblyscript': ['stress', 'assemblyscript/gate.wasm', '--call', 'enter(1)'],
  };
  for (const [name, args] of Object.entries(cases))
    test(name, async () => assertGoldenText(import.meta.dirname, name, steadyOutput(await runWith(args))));

  test('places are files and lines that are there', async () => {
    const { out } = await runWith(['check', ...MODULES]);
    const stressed = await runWith(['stress', 'rust/counter.wasm', '--call', 'bump()']);
    const places = [...`${out}${stressed.out}`.matchAll(/ ((?!~lib)[\w./-]+\.(?:c|h|rs|ts)):(\d+):(\d+) \(0x/g)];
    assert.ok(places.length > 15, `${places.length}`);
    for (const [place, file, line, column] of places) {
      const text = (await readFile(join(folder, file), 'utf8')).split('\n')[Number(line) - 1];
      assert.match(text?.slice(Number(column) - 1) ?? '', /^\S/, place);
    }
  });
});

interface Place {
  file: string;
  line: number;
}
interface Report {
  path: string;
  modules: {
    exports: {
      name: string;
      place?: Place;
      hazards: { site?: { place?: Place }; cell: { variable?: Partial<Place> & { name: string; of?: string } } }[];
    }[];
  }[];
}

describe('as JSON', () => {
  for (const module of MODULES)
    test(`${module}: functions, accesses and variables are in the lines that are named`, async () => {
      const { out } = await runWith(['check', module, '--format', 'json']);
      const [{ exports }] = (JSON.parse(out) as Report).modules;
      const lineOf = async ({ file, line }: Place): Promise<string> => {
        assert.equal(file.split('/')[0], dirname(module));
        return (await readFile(join(folder, file), 'utf8')).split('\n')[line - 1];
      };
      let variables = 0;
      for (const { name, place, hazards } of exports) {
        assert.ok(place, name);
        assert.match(await lineOf(place), new RegExp(`\\b${name}\\(`));
        for (const { site, cell } of hazards) {
          if (site?.place?.file.startsWith('~lib/') === false) assert.match(await lineOf(site.place), /\S/);
          if (cell.variable === undefined) continue;
          variables++;
          const { file, line, of = cell.variable.name } = cell.variable;
          // Source maps have no lines of variables.
          if (file !== undefined && line !== undefined)
            assert.match(await lineOf({ file, line }), new RegExp(`\\b${of.split('::').at(-1)}\\b`));
          else assert.equal(of, 'Gate.guests');
        }
      }
      assert.ok(variables > 1, `${variables}`);
    });
});
