/** How the command line finds and reads the files of a scenario. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runWith } from '../testing/cli.ts';

const MODULE = '(module (func (export "f") (param i32) (result i32) (local.get 0)))';
const CALLERS = '"callers": [[["f", 1]], [["f", 2]]], "budget": { "seconds": 60 }';

describe('a scenario file', () => {
  let folder: string;
  const path = (name: string): string => join(folder, 'scenarios', name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-scenario-'));
    await mkdir(join(folder, 'scenarios'));
    await writeFile(join(folder, 'pure.wat'), MODULE);
    await writeFile(path('relative.stress.json'), `{ "module": "../pure.wat", ${CALLERS} }`);
    await writeFile(
      path('absolute.stress.json'),
      `{ "module": ${JSON.stringify(join(folder, 'pure.wat'))}, ${CALLERS} }`,
    );
    await writeFile(path('beside.wat'), MODULE);
    await writeFile(path('beside.stress.json'), `\uFEFF{ ${CALLERS} }`);
  });
  after(() => rm(folder, { recursive: true }));

  for (const [name, what] of [
    ['relative', 'names its module relative to its folder'],
    ['absolute', 'names its module by an absolute path'],
    ['beside', 'without a module is about the one of its name, and may begin with a byte order mark'],
  ])
    test(what, async () => {
      const { code, out, err } = await runWith(['stress', path(`${name}.stress.json`)]);
      assert.equal(code, 0, err.join(''));
      assert.match(out, /pure\.wat: safe|beside\.wat: safe/);
    });
});
