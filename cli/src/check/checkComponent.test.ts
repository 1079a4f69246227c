import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runWith } from '../testing/cli.ts';

const FOLDER = await mkdtemp(join(tmpdir(), 'check-component-'));
after(() => rm(FOLDER, { recursive: true }));

const FILE = join(FOLDER, 'two.wasm');
await writeFile(
  FILE,
  await parse(`(component
    (import "demo:host/log" (instance))
    (core module $pure (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
    (core module $counter
      (global $n (mut i32) (i32.const 0))
      (func (export "bump") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $c (instantiate $counter))
    (func $bump (result u32) (canon lift (core func $c "bump")))
    (export "bump" (func $bump)))`),
);

test('check reports each core module of a component, by its number', async () => {
  const { code, out, err } = await runWith(['check', FILE, '--format', 'json', '--fail-on', 'none']);
  assert.deepEqual([code, err], [0, []]);
  const { modules } = JSON.parse(out);
  assert.deepEqual(
    modules.map(({ file, component, exports }: { file: string; component: object; exports: { name: string }[] }) => [
      file,
      component,
      exports.map(({ name }) => name),
    ]),
    ['pure', 'counter'].map((name, i) => [
      `${FILE}#${i + 1}`,
      {
        coreModule: i + 1,
        name,
        coreModules: 2,
        imports: [{ name: 'demo:host/log', kind: 'instance' }],
        exports: [{ name: 'bump', kind: 'func' }],
      },
      [i === 0 ? 'add' : 'bump'],
    ]),
  );
  const { out: text } = await runWith(['check', FILE]);
  assert.match(text, /core module 1 of 2 of a component, `pure`\n {2}its component exports function `bump`\n/);
  assert.match(text, /imports interface `demo:host\/log`/);
  assert.match(text, /two\.wasm#2 (?:.*\n)+ {2}core module 2 of 2 of a component, `counter`\n\n/);
});

test('check, stress and wrap take one core module by its number', async () => {
  const { out } = await runWith(['check', `${FILE}#2`]);
  assert.match(out, /bump +stateful/);
  const stressed = await runWith(['stress', `${FILE}#2`, '--call', 'bump()', '--call', 'bump()']);
  assert.equal(stressed.code, 1);
  assert.match(stressed.out, /two\.wasm#2: wrong outcome/);
  const scenario = join(FOLDER, 'two.stress.json');
  await writeFile(scenario, '{"module": "two.wasm#2", "callers": [[["bump"]], [["bump"]]]}');
  assert.equal((await runWith(['stress', scenario])).code, 1);
  const wrapper = join(FOLDER, 'pool.go');
  assert.equal((await runWith(['wrap', `${FILE}#2`, '--kind', 'pool', '--out', wrapper])).code, 0);
  assert.match(await readFile(wrapper, 'utf8'), /two\.core2\.wasm/);
});

test('commands that run one module ask for one, and say which there are', async () => {
  const { code, err } = await runWith(['stress', FILE]);
  assert.equal(code, 2);
  assert.match(
    err.join('\n'),
    /two\.wasm: a component with 2 core modules; name one of them: two\.wasm#1 \(pure, 1 exported function\) or two\.wasm#2 \(counter, 1 exported function\)/,
  );
  for (const [file, message] of [
    [`${FILE}#3`, /two\.wasm#3: has no core module 3: it has 2/],
    [`${FOLDER}/none.wasm#1`, /none\.wasm#1: no such file/],
  ] as const) {
    const answer = await runWith(['check', file]);
    assert.equal(answer.code, 2);
    assert.match(answer.err.join('\n'), message);
  }
});
