/** TypeScript wrappers: typed by the compiler, formatted by Biome, and run by this Node.js as they are. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { ROOT } from '../../testing/paths.ts';
import { WRAP_KINDS, type WrapKind } from '../template.ts';
import { generated, wrap } from '../testing/generate.ts';
import { HOSTILE_NAMES } from '../testing/hostileNames.ts';
import { type TestModule, testModule, testModules } from '../testing/modules.ts';
import { ran, temporary } from '../testing/tools.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

interface Instance {
  [method: string]: (...args: unknown[]) => Promise<unknown>;
}
interface Pool {
  use<R>(f: (instance: Instance) => Promise<R>, signal?: AbortSignal): Promise<R>;
  useUnlocked<R>(f: (instance: Instance) => Promise<R>): Promise<R>;
  dispose(): Promise<void>;
  reset(): Promise<void>;
  lock: Int32Array;
  memories: { buffer: SharedArrayBuffer }[];
}
type Made = Pool & Instance;

/** The class of a generated file, made for its module. */
async function made(module: TestModule, kind: WrapKind, size?: number, more: object = {}): Promise<Made> {
  const { fileName, text } = wrap(module, 'javascript', kind);
  const file = join(temporary(), fileName);
  writeFileSync(file, text);
  const loaded = (await import(pathToFileURL(file).href)) as Record<
    string,
    { create(wasm: Uint8Array, options?: object): Promise<Made> }
  >;
  return loaded[kind === 'pool' ? 'Pool' : 'Shared'].create(module.bytes, { size, ...more });
}

const counter = async (): Promise<TestModule> => ({
  file: 'counter.wasm',
  bytes: await parse(`(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
    (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "get") (result i32) (global.get $n))
    (func (export "pair") (param i64 f64) (result i64 f64) (local.get 0) (local.get 1))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "spin") (loop $l (br $l)))
    (func (export "trap") (global.set $n (i32.const 999)) unreachable))`),
});

it('TypeScript wrappers are typed and formatted, whatever the module', async () => {
  const folder = temporary();
  const files: string[] = [];
  for (const module of await testModules()) {
    for (const kind of WRAP_KINDS) {
      if (module.file === 'command.wasm' && kind === 'test') continue;
      const { text } = wrap(module, 'javascript', kind);
      files.push(`${module.file.replace(/\W/g, '_')}_${kind}.ts`);
      writeFileSync(join(folder, files[files.length - 1]), text);
    }
  }
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2024',
    module: 'nodenext',
    skipLibCheck: true,
    noUnusedLocals: true,
    noImplicitReturns: true,
    erasableSyntaxOnly: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  ran(process.execPath, [TSC, '-p', '.'], { cwd: folder });
  const biome = {
    root: true,
    formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 100 },
    javascript: { formatter: { quoteStyle: 'single' } },
  };
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(biome));
  ran(process.execPath, [BIOME, 'format', '--max-diagnostics=20', ...files], { cwd: folder });
});

it('a pool runs no two protocols on one instance concurrently, is bounded, and converts values', async () => {
  const pool = await made(await counter(), 'pool', 2);
  let now = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      pool.use(async (instance) => {
        most = Math.max(most, ++now);
        const before = (await instance.get()) as number;
        assert.equal(await instance.inc(), before + 1);
        now--;
      }),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(await pool.pair(-(2n ** 63n), 1.5), [-(2n ** 63n), 1.5]);
  let kept: Instance | undefined;
  await pool.use(async (instance) => {
    kept = instance;
    await instance.writeMemory(8, Uint8Array.of(1, 2, 3));
    await instance.grow();
    assert.deepEqual(await instance.readMemory(8, 3), Uint8Array.of(1, 2, 3));
    await assert.rejects(instance.readMemory(2 ** 31, 3), /RangeError/);
    await assert.rejects(instance.writeMemory(131_070, Uint8Array.of(1, 2, 3)), /RangeError/);
  });
  await assert.rejects(kept!.inc(), /already returned/);
  await pool.dispose();
  await assert.rejects(pool.inc(), /disposed/);
});

it('a pool drops an instance whose call trapped, whose thread died, or that was discarded', async () => {
  const pool = await made(await counter(), 'pool', 1);
  assert.equal(await pool.inc(), 1);
  await assert.rejects(pool.trap(), /unreachable/);
  assert.equal(await pool.inc(), 1);
  assert.equal(await pool.inc(), 2);
  await pool.use(async (instance) => (instance as unknown as { discard(): void }).discard());
  assert.equal(await pool.get(), 0);
  // An error of the caller says nothing about the instance.
  await pool.inc();
  await assert.rejects(
    pool.use(async () => {
      throw new Error('mine');
    }),
    /mine/,
  );
  assert.equal(await pool.get(), 1);
  const spinning = pool.spin();
  setTimeout(() => void pool.dispose(), 50);
  await assert.rejects(spinning, /ended/);
});

it('a signal ends the wait for an instance and for a call', async () => {
  const pool = await made(await counter(), 'pool', 1);
  await pool.inc();
  await pool.use(async () => {
    const refused = pool.use((instance) => instance.get(), AbortSignal.timeout(20));
    await assert.rejects(refused, { name: 'TimeoutError' });
    await assert.rejects(
      pool.use((instance) => instance.get(), AbortSignal.abort()),
      { name: 'AbortError' },
    );
  });
  // A caller that stopped waiting blocks no other one.
  assert.equal(await pool.get(), 1);
  await assert.rejects(
    pool.use((instance) => instance.spin(), AbortSignal.timeout(50)),
    /TimeoutError/,
  );
  assert.equal(await pool.get(), 0);
  await pool.dispose();
  const shared = await made(await testModule('common.wasm'), 'mutex', 2);
  const stop = new AbortController();
  let refused: Promise<void> | undefined;
  await shared.use(async () => {
    refused = assert.rejects(
      shared.use((instance) => instance.add(1), stop.signal),
      { name: 'TimeoutError' },
    );
    stop.abort(new DOMException('it took too long', 'TimeoutError'));
  });
  // It gives the lock back once it has it.
  await refused;
  assert.equal(await shared.add(1), 0);
  await shared.dispose();
});

it('a call that comes while state is made new is refused, and breaks nothing', async () => {
  const shared = await made(await counter(), 'mutex');
  await shared.inc();
  const reset = shared.reset();
  await assert.rejects(shared.inc(), /being reset/);
  await reset;
  assert.equal(await shared.inc(), 1);
  await shared.dispose();
});

it('an address beyond 2 GiB is what the module says it is, a negative number', async () => {
  const bytes = await parse(`(module (memory (export "memory") 32769)
    (func (export "far") (result i32) (i32.store8 (i32.const 0x80000010) (i32.const 7)) (i32.const 0x80000010)))`);
  const pool = await made({ file: 'far.wasm', bytes }, 'pool', 1);
  await pool.use(async (instance) => {
    const far = (await instance.far()) as number;
    assert.ok(far < 0);
    assert.deepEqual(await instance.readMemory(far, 1), Uint8Array.of(7));
    await instance.writeMemory(far, Uint8Array.of(8));
    assert.deepEqual(await instance.readMemory(far, 1), Uint8Array.of(8));
  });
  await pool.dispose();
});

it('WASI finds the memory whatever it is called, and does without one', async () => {
  const random = '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))';
  const call = '(func (export "random") (result i32) (call $random (i32.const 8) (i32.const 8)))';
  for (const memory of ['(memory (export "m") 1)', '(import "env" "memory" (memory 1 1 shared))']) {
    const [imported, own] = memory.startsWith('(import') ? [memory, ''] : ['', memory];
    const bytes = await parse(`(module ${random} ${imported} ${own} ${call})`);
    const pool = await made({ file: 'random.wasm', bytes }, 'pool', 1);
    assert.equal(await pool.random(), 0);
    await pool.dispose();
  }
  const none = await parse(`(module (import "wasi_snapshot_preview1" "sched_yield" (func $y (result i32)))
    (func (export "pause") (result i32) (call $y)))`);
  const pool = await made({ file: 'pause.wasm', bytes: none }, 'pool', 1);
  assert.equal(await pool.pause(), 0);
  await pool.dispose();
});

it('a thread that cannot start is an error of the call, and the place is free again', async () => {
  const bytes = await parse('(module (import "env" "missing" (global externref)) (func (export "f")))');
  const pool = await made({ file: 'missing.wasm', bytes }, 'pool', 1);
  await assert.rejects(pool.f(), /missing|import/i);
  await assert.rejects(pool.f(), /missing|import/i);
  await pool.dispose();
  const source = `(module (import "env" "now" (func $now (result i64)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_initialize") (i32.store (i32.const 0) (i32.const 7)))
    (func (export "time") (result i64) (call $now))
    (func (export "random") (result i32) (call $random (i32.const 8) (i32.const 8)))
    (func (export "ready") (result i32) (i32.load (i32.const 0))))`;
  const folder = temporary();
  const given = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return pathToFileURL(join(folder, name)).href;
  };
  const module = { file: 'imports.wasm', bytes: await parse(source) };
  const imports = given('imports.ts', 'export default () => ({ envNow: () => 42n });');
  const pool_ = await made(module, 'pool', 1, { imports });
  assert.deepEqual([await pool_.time(), await pool_.random(), await pool_.ready()], [42n, 0, 7]);
  await pool_.dispose();
  for (const [name, text, message] of [
    ['throws.ts', "export default () => ({ envNow: () => { throw new Error('no time'); } });", /no time/],
    ['lacks.ts', 'export default () => ({});', /undefined/],
    ['none.ts', 'export const x = 1;', /not a function/],
  ] as const) {
    const failing = await made(module, 'pool', 1, { imports: given(name, text) });
    await assert.rejects(failing.time(), message);
    await failing.dispose();
  }
  const absent = await made(module, 'pool', 1, { imports: given('x.ts', '').replace('x.ts', 'y.ts') });
  await assert.rejects(absent.time(), /Cannot find module/);
  await absent.dispose();
});

it('imported functions reach their instance, and imported state can be given', async () => {
  const folder = temporary();
  const file = join(folder, 'imports.ts');
  writeFileSync(
    file,
    `export default ({ given, instance }) => {
      given.env.base = new WebAssembly.Global({ value: 'i32', mutable: true }, 100);
      return { envPeek: (at) => new Uint8Array(instance().exports.memory.buffer)[at] };
    };`,
  );
  const bytes = await parse(`(module (import "env" "base" (global $base (mut i32)))
    (import "env" "peek" (func $peek (param i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 5) "\\09")
    (func (export "next") (result i32) (global.set $base (i32.add (global.get $base) (i32.const 1))) (global.get $base))
    (func (export "look") (param i32) (result i32) (call $peek (local.get 0))))`);
  const pool = await made({ file: 'given.wasm', bytes }, 'pool', 1, { imports: pathToFileURL(file) });
  assert.deepEqual([await pool.next(), await pool.look(5)], [101, 9]);
  await pool.dispose();
});

it('WASI gets arguments and environment from the options', async () => {
  const bytes = await parse(`(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "count") (result i32) (drop (call $sizes (i32.const 0) (i32.const 4))) (i32.load (i32.const 0))))`);
  const pool = await made({ file: 'args.wasm', bytes }, 'pool', 1, { wasi: { args: ['a', 'b', 'c'] } });
  assert.equal(await pool.count(), 3);
  await pool.dispose();
});

it('after a trap nothing calls the instance again, not even what was asked before the trap was known', async () => {
  for (const kind of ['pool', 'mutex'] as const) {
    const owner = await made(await counter(), kind, kind === 'pool' ? 1 : undefined);
    await owner.use(async (instance) => {
      const results = await Promise.allSettled([instance.inc(), instance.trap(), instance.get(), instance.inc()]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'rejected', 'rejected'],
      );
      await assert.rejects(instance.get(), /unreachable/);
    });
    await owner.dispose();
  }
});

it('the types are named after the type that the user names', async () => {
  const wrapped = generated(await testModule('wasi.wasm'), 'javascript', { kind: 'pool', typeName: 'Codec' });
  assert.ok('text' in wrapped);
  const names = [...wrapped.text.matchAll(/^export (?:class|interface|type) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(names.toSorted(), [
    ...['CodecImports', 'CodecInstance', 'CodecMakeImports', 'CodecOptions', 'CodecPool'],
  ]);
});

it('one instance behind a queue: nothing is lost, and after a trap nothing goes on until it is reset', async () => {
  const shared = await made(await counter(), 'mutex');
  await Promise.all(Array.from({ length: 30 }, () => shared.inc()));
  assert.equal(await shared.get(), 30);
  const waiting = Promise.allSettled([shared.trap(), shared.get()]);
  const [trapped, refused] = await waiting;
  assert.equal(trapped.status, 'rejected');
  assert.equal(refused.status, 'rejected');
  await assert.rejects(shared.get(), /use reset: .*unreachable/);
  await shared.reset();
  assert.equal(await shared.get(), 0);
  await shared.dispose();
});

it('threads over one shared memory: the lock makes plain updates whole, and its loss is noticed', async () => {
  const shared = await made(await testModule('common.wasm'), 'mutex', 3);
  await Promise.all(Array.from({ length: 300 }, () => shared.plainAdd(1)));
  await Promise.all(Array.from({ length: 300 }, () => shared.useUnlocked((instance) => instance.add(1))));
  const words = new Int32Array(shared.memories[0].buffer);
  assert.deepEqual([words[0], words[1]], [300, 300]);
  assert.equal(shared.lock[0], 0);
  const stuck = shared.use(async (instance) => {
    assert.notEqual(shared.lock[0], 0);
    const waiting = shared.plainAdd(1);
    (instance as unknown as { discard(): void }).discard();
    return { waiting };
  });
  const { waiting } = await stuck;
  await assert.rejects(waiting, /ended|reset/);
  await assert.rejects(shared.plainAdd(1), /use reset/);
  await shared.reset();
  assert.equal(await shared.plainAdd(2), 2);
  await shared.dispose();
});

it('a program runs once in an instance: pools make another one, and its exit code is an error unless it is 0', async () => {
  const source = (code: number): string => `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (if (i32.load (i32.const 0)) (then unreachable))
      (i32.store (i32.const 0) (i32.const 1)) ${code < 0 ? '' : `(call $exit (i32.const ${code}))`}))`;
  for (const code of [-1, 0]) {
    const pool = await made({ file: 'program.wasm', bytes: await parse(source(code)) }, 'pool', 1);
    for (let run = 0; run < 3; run++) assert.equal(await pool.start(), undefined);
    await pool.dispose();
  }
  const failing = await made({ file: 'program.wasm', bytes: await parse(source(3)) }, 'mutex');
  await assert.rejects(failing.start(), /exit code 3/);
  await assert.rejects(failing.start(), /use reset/);
  await failing.reset();
  await assert.rejects(failing.start(), /exit code 3/);
  await failing.dispose();
});

it('instances are initialised before their API is called, and over one memory once', async () => {
  const plugin = await made(await testModule('plugin.wasm'), 'pool', 2);
  assert.deepEqual(await Promise.all([plugin.get(), plugin.get()]), [7, 7]);
  assert.equal('start' in plugin, false);
  await plugin.dispose();
  const haskell = await made(await testModule('haskell.wasm'), 'pool', 1);
  assert.equal(await haskell.get(), 7);
  await haskell.dispose();
  for (const kind of ['pool', 'mutex'] as const) {
    const threads = await made(await testModule('reactor-threads.wasm'), kind, 3);
    const together = (): Promise<number[]> =>
      Promise.all([1, 2, 3].map(() => threads.use((instance) => instance.get() as Promise<number>)));
    assert.deepEqual(await together(), [6, 6, 6], kind);
    if (kind === 'mutex') {
      await threads.reset();
      assert.deepEqual(await together(), [6, 6, 6]);
    }
    await threads.dispose();
  }
});

it('every export of a module with hostile names is called by its own name', async () => {
  const module = await testModule('hostile.wasm');
  const { text } = wrap(module, 'javascript', 'pool');
  const methods = [...text.matchAll(/^ {2}async (\w+)\([^)]*\): Promise<.*\n {4}const call =/gm)].map(
    ([, name]) => name,
  );
  assert.equal(new Set(methods).size, HOSTILE_NAMES.length);
  const pool = await made(module, 'pool', 1);
  await pool.use(async (instance) => {
    for (const [n, method] of methods.entries()) {
      const args = Array.from({ length: n % 5 }, (_, i) => ((n + i) % 4 === 1 ? 0n : 0));
      const results = Array.from({ length: n % 3 }, (_, i) => ((n + i + 1) % 4 === 1 ? 0n : 0));
      const wanted = results.length === 0 ? undefined : results.length === 1 ? results[0] : results;
      assert.deepEqual(await instance[method](...args), wanted, method);
    }
  });
  await pool.dispose();
});

it('a hammer test passes on instances of their own and with a lock, and finds a race without one', async () => {
  const folder = temporary();
  mkdirSync(folder, { recursive: true });
  const run = async (module: TestModule, unsafe = ''): Promise<{ status: number | null; output: string }> => {
    const { fileName, text } = wrap(module, 'javascript', 'test');
    writeFileSync(join(folder, module.file), module.bytes);
    assert.match(text, /^const PATIENCE = 20_000;$/m);
    writeFileSync(join(folder, fileName), text.replace('20_000', '2_000'));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', fileName], {
      cwd: folder,
      encoding: 'utf8',
      // A test runner inside of one is told to be its child.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, WASM_HAZARDS_UNSAFE: unsafe },
    });
    return { status, output: stdout + stderr };
  };
  const own = await run(await counter());
  assert.equal(own.status, 0, own.output);
  assert.match(own.output, /ok \d+ - match a single thread: inc\n/);
  // A call that does not return, and one that never returns a value, pass no test.
  assert.match(own.output, /ok \d+ - match a single thread: spin # SKIP a call did not return within 2000 ms, even/);
  assert.match(own.output, /ok \d+ - match a single thread: trap # SKIP no call returned/);
  const common = await testModule('common.wasm');
  const safe = await run(common);
  assert.equal(safe.status, 0, safe.output);
  assert.match(safe.output, /ok \d+ - threads over one memory, without a lock # SKIP needs WASM_HAZARDS_UNSAFE=1/);
  assert.match(safe.output, /ok \d+ - threads over one memory, with a lock/);
  const unsafe = await run(common, '1');
  assert.match(unsafe.output, /ok \d+ - match a single thread: plain_add/, unsafe.output);
  assert.match(unsafe.output, /ok \d+ - threads over one memory, with a lock/);
});
