/** Whatever way clang is told to write debug information, findings name the same variables and lines. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { missingClang } from '../../core/debug/dwarf/testing/recipes.ts';
import { ROOT } from '../../core/testing/paths.ts';
import { runWith } from './testing/cli.ts';

const SOURCE = join(ROOT, 'core', 'debug', 'cases', 'state.c');
const COMMON = ['--target=wasm32', '-nostdlib', '-Wl,--no-entry', 'state.c', '-o', 'state.wasm'];
const run = promisify(execFile);
let folder: string;
let home: string;

before(async () => {
  home = process.cwd();
  folder = await realpath(await mkdtemp(join(tmpdir(), 'compiled-')));
  await copyFile(SOURCE, join(folder, 'state.c'));
  process.chdir(folder);
});
after(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

/** Where clang finds wasm-opt, it runs it, and that leaves the debug information as it was. */
const pathWithoutPackages = (): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((one) => !one.includes('node_modules'))
    .join(delimiter);

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  '-O0 -g': ['-O0', '-g'],
  '-O1 -gdwarf-5': ['-O1', '-gdwarf-5'],
  '-O2 -gdwarf-4': ['-O2', '-gdwarf-4'],
  '-Os -gdwarf-2': ['-Os', '-gdwarf-2'],
  '-O3 -flto -g': ['-O3', '-flto', '-g'],
  'C++ -O1 -g': ['-O1', '-g', '-x', 'c++', '-D_Thread_local=thread_local'],
};

interface Report {
  modules: { exports: { name: string; place?: Place; hazards: { site: { place?: Place }; cell: Cell }[] }[] }[];
}
interface Place {
  file: string;
  line: number;
}
interface Cell {
  variable?: { name: string; file: string; line: number };
}

/** What is written where: the export, the variable, the line of the access. */
const WRITTEN: readonly (readonly [name: string, variable: string, line: number])[] = [
  ['increment', 'counter', 13],
  ['record', 'state.count', 22],
  ['third', 'slots[3]', 31],
];

describe('a module of clang', () => {
  for (const [name, flags] of Object.entries(VARIANTS))
    test(name, async (t) => {
      const missing = missingClang();
      if (missing !== undefined) return t.skip(missing);
      await run('clang', [...flags, ...COMMON], { env: { ...process.env, PATH: pathWithoutPackages() } });
      const { out } = await runWith(['check', 'state.wasm', '--format', 'json']);
      const [{ exports }] = (JSON.parse(out) as Report).modules;
      const found = exports.flatMap(({ name: exported, hazards }) =>
        hazards.map(({ site, cell }) => [exported, cell.variable?.name, site.place?.line, site.place?.file]),
      );
      for (const [exported, variable, line] of WRITTEN)
        assert.ok(
          found.some((one) => one.join() === [exported, variable, line, 'state.c'].join()),
          `${exported} writes ${variable} at line ${line}: ${JSON.stringify(found)}`,
        );
      assert.deepEqual(exports.find(({ name: exported }) => exported === 'record')?.place, {
        file: 'state.c',
        line: 26,
      });
    });
});
