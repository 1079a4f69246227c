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
    await writeFile(path('memory.wat'), '(module (memory 1) (func (export "f")))');
    await writeFile(path('beside.stress.json'), `\uFEFF{ ${CALLERS} }`);
  });
  /** `[name, text, line:column, message]`. */
  const wrong: [string, string, string, RegExp][] = [
    [
      'a name without a value',
      '{ "module": "../pure.wat", "callers": [\n  [["f", "$x"]]] }',
      '2:10',
      /\$x has no value here/,
    ],
    [
      'a name of another caller',
      '{ "module": "../pure.wat", "callers": [[{ "call": "f", "args": [1], "as": "x" }],\n [["f", "$x"]]] }',
      '2:9',
      /\$x has no value here/,
    ],
    [
      'repeated steps, at the step that is written',
      '{ "module": "../pure.wat", "callers": [{ "repeat": 3,\n  "steps": [["f", 1],\n    ["g"]] }] }',
      '3:6',
      /no export g/,
    ],
    [
      'the steps of another caller, at what names it',
      '{ "module": "../pure.wat", "callers": [[["f", 1]],\n  { "like": 0, "with": { "1": "no" } }] }',
      '2:13',
      /"no"|no is/,
    ],
    [
      'an invariant that cannot be parsed',
      '{ "module": "../pure.wat", "callers": [[["f", 1]]],\n  "invariants": ["1 == 1", "i32(4"] }',
      '2:28',
      /"\)" is missing before character 6/,
    ],
    [
      'an invariant with a name without a value',
      '{ "module": "../pure.wat", "callers": [[["f", 1]]],\n  "invariants": ["$y == 1"] }',
      '2:18',
      /\$y has no value here/,
    ],
    [
      'a step in the setup',
      '{ "module": "../pure.wat",\n "setup": [["f"]], "callers": [[["f", 1]]] }',
      '2:12',
      /takes 1 arg/,
    ],
    [
      'text that is no UTF-8',
      '{ "module": "../pure.wat", "callers": [[\n  { "write": 0, "utf8": "a\\ud800" }]] }',
      '2:25',
      /half of a surrogate pair, .* "hex"/,
    ],
    [
      'a read of the setup beyond the memory',
      '{ "module": "memory.wat", "setup": [["f"],\n  { "read": 65530, "length": 8, "type": "bytes" }], "callers": [[["f"]]] }',
      '2:3',
      /the setup step read 65530 length 8 bytes ended with .*the host reads \[65530, 65538\), but .* has 65536 bytes/,
    ],
    [
      'an expectation of the setup',
      '{ "module": "memory.wat", "setup": [{ "expect": "i32(0) == 1" }], "callers": [[["f"]]] }',
      '1:37',
      /i32\(0\) == 1 does not hold/,
    ],
    ['no JSON', '{ "module": "../pure.wat",\n "callers" 1 }', '2:12', /not JSON/],
    [
      'an access of a module without a memory',
      '{ "module": "../pure.wat", "callers": [[\n  { "read": 0 }]] }',
      '2:3',
      /the module has no memory/,
    ],
  ];
  for (const [what, text, place, message] of wrong)
    test(`names the line and the column of ${what}`, async () => {
      await writeFile(path('wrong.stress.json'), text);
      const { code, err } = await runWith(['stress', path('wrong.stress.json')]);
      const said = err.join('');
      assert.ok(said.includes(`wrong.stress.json:${place}: `), said);
      assert.match(said, message);
      assert.equal(code, 2);
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
