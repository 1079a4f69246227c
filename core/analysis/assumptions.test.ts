/**
 * What the analysis assumes, see docs/limits.md: for each assumption a small module that breaks it, the answer that is
 * wrong then, and a run that shows it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { ScenarioFile } from '../stress/scenario/scenario.ts';
import { explored } from '../stress/testing/run.ts';
import { ROOT } from '../testing/paths.ts';
import { wasmEngine } from '../wasm/webAssembly.ts';
import type { Conflict } from './model.ts';
import { conflictOf } from './queries.ts';
import { analyseWat, type WatOptions } from './testing/facts.ts';

/** The conflict of two exports of a module text. */
async function conflict(text: string, a: string, b: string, options: WatOptions = {}): Promise<Conflict | undefined> {
  const { analysis } = await analyseWat(text, options);
  const position = (name: string) => analysis.exports.findIndex((e) => e.name === name);
  return conflictOf(analysis, position(a), position(b), 1);
}

/** Cells that callers race for in a run. */
async function races(text: string, file: ScenarioFile): Promise<string[]> {
  const result = await explored(text, file);
  return [...new Set(result.races.map(({ cell }) => cell))];
}

const exported = (name: string, params: string, code: string) => `(func (export "${name}") ${params} ${code})`;
const STACK = '(global $__stack_pointer (mut i32) (i32.const 1040))';
const SAME_OBJECT = [{ when: 'same-object', parameters: [0, 0] }];

/** Tests by the first words of the assumption in docs/limits.md. */
const ASSUMPTIONS: Readonly<Record<string, Readonly<Record<string, () => Promise<void>>>>> = {
  Frames: {
    async 'a stack that grows into static data'() {
      const text = `(module (memory 1) ${STACK}
        ${exported('frame', '', '(i32.store (i32.sub (global.get $__stack_pointer) (i32.const 16)) (i32.const 1))')}
        ${exported('data', '(result i32)', '(i32.load (i32.const 1024))')})`;
      assert.equal(await conflict(text, 'frame', 'data'), undefined);
      assert.deepEqual(await races(text, { callers: [[['frame']], [['data']]] }), ['memory[0] 0x400..0x404']);
    },
    async 'an index that leaves the frame'() {
      const text = `(module (memory 1) ${STACK}
        ${exported('frame', '(param $i i32)', '(i32.store (i32.add (i32.sub (global.get $__stack_pointer) (i32.const 16)) (i32.shl (local.get $i) (i32.const 2))) (i32.const 1))')}
        ${exported('data', '(result i32)', '(i32.load (i32.const 512))')})`;
      assert.equal(await conflict(text, 'frame', 'data'), undefined);
      assert.deepEqual(await races(text, { callers: [[['frame', -128]], [['data']]] }), ['memory[0] 0x200..0x204']);
    },
  },
  Objects: {
    async 'an index that leaves the object'() {
      const text = `(module (memory 1)
        ${exported('element', '(param $p i32) (param $i i32)', '(i32.store (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 2))) (i32.const 1))')}
        ${exported('first', '(param $p i32)', '(i32.store (local.get $p) (i32.const 2))')})`;
      assert.deepEqual((await conflict(text, 'element', 'first'))?.condition, SAME_OBJECT);
      const callers: ScenarioFile['callers'] = [[['element', 1024, 64]], [['first', 1280]]];
      assert.deepEqual(await races(text, { callers }), ['memory[0] 0x500..0x504']);
    },
    async 'a pointer into the middle of an object'() {
      const text = `(module (memory 1)
        ${exported('clear', '(param $p i32) (param $n i32)', '(memory.fill (local.get $p) (i32.const 0) (local.get $n))')}
        ${exported('walk', '(param $p i32)', '(loop $l (i32.store (local.get $p) (i32.const 1)) (local.set $p (i32.add (local.get $p) (i32.const 4))) (br_if $l (i32.load (local.get $p))))')})`;
      assert.ok(await conflict(text, 'clear', 'walk'));
    },
  },
  Indices: {
    async 'a pointer that is kept shifted'() {
      const text = `(module (memory 1)
        ${exported('compressed', '(param $base i32) (param $p i32)', '(i32.store (i32.add (local.get $base) (i32.shl (local.get $p) (i32.const 3))) (i32.const 1))')}
        ${exported('plain', '(param $p i32)', '(i32.store (local.get $p) (i32.const 2))')})`;
      assert.deepEqual((await conflict(text, 'compressed', 'plain'))?.condition, SAME_OBJECT);
      const callers: ScenarioFile['callers'] = [[['compressed', 0, 160]], [['plain', 1280]]];
      assert.deepEqual(await races(text, { callers }), ['memory[0] 0x500..0x504']);
    },
  },
  'Null pointers': {
    async 'an object at address zero'() {
      const text = `(module (memory 1) ${STACK}
        ${exported('either', '(param $p i32) (param $c i32)', '(i32.store (select (i32.const 0) (local.get $p) (local.get $c)) (i32.const 1))')}
        ${exported('zero', '(result i32)', '(i32.load (i32.const 0))')})`;
      assert.notEqual((await conflict(text, 'either', 'zero'))?.condition, 'always');
      assert.deepEqual(await races(text, { callers: [[['either', 64, 1]], [['zero']]] }), ['memory[0] 0x0..0x4']);
    },
  },
  'Distances and addresses': {
    async 'an array at a small constant, with two indices'() {
      const text = `(module (memory 1)
        ${exported('element', '(param $row i32) (param $i i32)', '(i32.store offset=64 (i32.add (local.get $row) (i32.shl (local.get $i) (i32.const 2))) (i32.const 1))')}
        ${exported('first', '(result i32)', '(i32.load (i32.const 72))')})`;
      assert.notEqual((await conflict(text, 'element', 'first'))?.condition, 'always');
      assert.deepEqual(await races(text, { callers: [[['element', 4, 1]], [['first']]] }), ['memory[0] 0x48..0x4c']);
    },
  },
  Alignment: {
    async 'a pointer that is kept beside a tag of its low bits'() {
      const text = `(module (memory 1)
        ${exported('aligned', '(param $p i32)', '(i32.store (i32.and (local.get $p) (i32.const -16)) (i32.const 1))')}
        ${exported('plain', '(param $p i32)', '(i32.store (local.get $p) (i32.const 2))')})`;
      assert.deepEqual((await conflict(text, 'aligned', 'plain'))?.condition, SAME_OBJECT);
      assert.deepEqual(await races(text, { callers: [[['aligned', 76]], [['plain', 64]]] }), ['memory[0] 0x40..0x44']);
    },
  },
  'Fresh blocks': {
    async 'an allocator that gives one block twice'() {
      const text = `(module (memory 1 1 shared)
        (func $malloc (param $n i32) (result i32)
          (i32.add (i32.const 4096) (i32.and (i32.atomic.rmw.add (i32.const 64) (local.get $n)) (i32.const 15))))
        ${exported('make', '(result i32) (local $p i32)', '(local.set $p (call $malloc (i32.const 16))) (i32.store (local.get $p) (i32.const 1)) (i32.load (local.get $p))')})`;
      assert.equal(await conflict(text, 'make', 'make', { model: 'shared-instance' }), undefined);
      assert.deepEqual(await races(text, { callers: [[['make']], [['make']]] }), ['memory[0] 0x1000..0x1004']);
    },
    async 'one that writes to a block in use'() {
      const text = `(module (memory 1)
        (func $malloc (export "malloc") (param $n i32) (result i32) (local $p i32)
          (local.set $p (i32.load (i32.const 1024)))
          (i32.store (i32.const 1024) (i32.add (local.get $p) (local.get $n)))
          (i32.store (i32.xor (local.get $p) (i32.const 64)) (i32.const 0))
          (local.get $p))
        (data (i32.const 1024) "\\00\\10\\00\\00")
        ${exported('read', '(param $p i32) (result i32)', '(i32.load (local.get $p))')})`;
      const found = await conflict(text, 'malloc', 'read');
      assert.deepEqual(found?.condition, [{ when: 'overlap', parameters: [undefined, 0] }]);
      const callers: ScenarioFile['callers'] = [[['malloc', 16]], [['read', 4096 + 64]]];
      assert.ok((await races(text, { callers })).includes('memory[0] 0x1040..0x1044'));
    },
  },
  Allocators: {
    async 'another function under the name of one'() {
      const text = `(module (memory 1 1 shared)
        (func $malloc (param $n i32) (result i32) (i32.or (i32.atomic.rmw.or (i32.const 64) (i32.const 4096)) (i32.const 4096)))
        ${exported('make', '(local $p i32)', '(local.set $p (call $malloc (i32.const 16))) (i32.store (local.get $p) (i32.const 1))')})`;
      assert.equal(await conflict(text, 'make', 'make', { model: 'shared-instance' }), undefined);
      assert.deepEqual(await races(text, { callers: [[['make']], [['make']]] }), ['memory[0] 0x1000..0x1004']);
    },
  },
  'Stacks of threads': {
    async 'a host that gives two threads one stack'() {
      const text = `(module (memory (import "env" "memory") 1 1 shared) ${STACK}
        ${exported('wasi_thread_start', '(param i32 i32)', '(global.set $__stack_pointer (local.get 1))')}
        ${exported('frame', '', '(i32.store (i32.sub (global.get $__stack_pointer) (i32.const 16)) (i32.const 1))')})`;
      const model = 'shared-memory';
      assert.equal(await conflict(text, 'frame', 'frame', { host: 'wasi-threads', model }), undefined);
      const caller: NonNullable<ScenarioFile['callers']>[number] = [['wasi_thread_start', 1, 4096], ['frame']];
      const found = await races(text, { host: 'wasi-threads', model, life: 'none', callers: [caller, caller] });
      assert.ok(found.includes('memory[0] 0xff0..0xff4'), found.join());
    },
  },
  'The host': {
    async 'a host function that writes memory'() {
      const text = `(module (import "env" "fill" (func $fill (param i32))) (memory (export "memory") 1)
        ${exported('fill', '', '(call $fill (i32.const 1024))')}
        ${exported('read', '(result i32)', '(i32.load (i32.const 1024))')})`;
      assert.equal(await conflict(text, 'fill', 'read'), undefined);
      const imports: ScenarioFile['imports'] = { 'env.fill': { writes: [{ at: '$0', utf8: 'text' }] } };
      const found = await races(text, { callers: [[['fill']], [['read']]], imports });
      assert.deepEqual(found, ['memory[0] 0x400..0x404']);
    },
    async 'two import modules with common state'() {
      const text = `(module (import "writer" "set" (func $set (param i32))) (import "reader" "get" (func $get (result i32)))
        ${exported('set', '(param i32)', '(call $set (local.get 0))')} ${exported('get', '(result i32)', '(call $get)')})`;
      assert.equal(await conflict(text, 'set', 'get'), undefined);
      const state = new Map<string, number>();
      const set = (value: number) => void state.set('value', value);
      const imports = { writer: { set }, reader: { get: () => state.get('value') } };
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text)), imports);
      (exports.set as (value: number) => void)(7);
      assert.equal((exports.get as () => number)(), 7);
    },
  },
  'Constant texts': {
    async 'a text that was made longer'() {
      const text = `(module (import "env" "emscripten_console_log" (func $log (param i32))) (memory (export "memory") 1)
        (data (i32.const 1024) "one\\00four\\00")
        ${exported('join', '', '(i32.store8 (i32.const 1027) (i32.const 32))')}
        ${exported('log', '', '(call $log (i32.const 1024))')}
        ${exported('clear', '', '(i32.store8 (i32.const 1029) (i32.const 63))')})`;
      assert.ok(await conflict(text, 'log', 'join'));
      assert.equal(await conflict(text, 'log', 'clear'), undefined);
      const seen: string[] = [];
      let memory = new Uint8Array(0);
      const log = (at: number) => void seen.push(Buffer.from(memory.subarray(at, memory.indexOf(0, at))).toString());
      const imports = { env: { emscripten_console_log: log } };
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text)), imports);
      memory = new Uint8Array((exports.memory as { buffer: ArrayBuffer }).buffer);
      for (const name of ['log', 'join', 'log', 'clear', 'log']) (exports[name] as () => void)();
      assert.deepEqual(seen, ['one', 'one four', 'one f?ur']);
    },
  },
  'Known functions': {
    async 'another function under the name of one'() {
      const text = `(module (import "env" "emscripten_get_now" (func $now (result f64))) (memory (export "memory") 1)
        ${exported('now', '(result f64)', '(call $now)')})`;
      assert.equal(await conflict(text, 'now', 'now'), undefined);
      let calls = 0;
      const imports = { env: { emscripten_get_now: () => ++calls } };
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text)), imports);
      assert.deepEqual([(exports.now as () => number)(), (exports.now as () => number)()], [1, 2]);
    },
  },
  'Words of locks': {
    async 'a host that frees the lock of somebody else'() {
      const text = `(module (memory (export "memory") 1 1 shared)
        ${exported('inc', '', '(loop $l (br_if $l (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))) (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))) (i32.atomic.store (i32.const 0) (i32.const 0))')})`;
      assert.equal(await conflict(text, 'inc', 'inc'), undefined);
      assert.deepEqual(await races(text, { callers: [[['inc']], [['inc']]] }), []);
      const callers = [{ steps: [{ write: 0, i32: 0 }, ['inc']] }, [['inc']]] as ScenarioFile['callers'];
      assert.ok((await races(text, { callers })).includes('memory[0] 0x40..0x44'));
    },
  },
  'Imported globals': {
    async 'one global under two names'() {
      const text = `(module (import "env" "a" (global $a (mut i32))) (import "env" "b" (global $b (mut i32)))
        ${exported('set', '(param i32)', '(global.set $a (local.get 0))')} ${exported('get', '(result i32)', '(global.get $b)')})`;
      assert.equal(await conflict(text, 'set', 'get'), undefined);
      const one = new wasmEngine.Global({ value: 'i32', mutable: true }, 0);
      const imports = { env: { a: one, b: one } };
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text)), imports);
      (exports.set as (value: number) => void)(7);
      assert.equal((exports.get as () => number)(), 7);
    },
  },
  Clocks: {
    async 'a clock that counts how often it was asked'() {
      const text = `(module (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
        (memory (export "memory") 1)
        ${exported('first', '(result i64)', '(drop (call $time (i32.const 0) (i64.const 0) (i32.const 64))) (i64.load (i32.const 64))')}
        ${exported('second', '(result i64)', '(drop (call $time (i32.const 0) (i64.const 0) (i32.const 128))) (i64.load (i32.const 128))')})`;
      assert.equal(await conflict(text, 'first', 'second'), undefined);
      let calls = 0n;
      let view = new DataView(new ArrayBuffer(0));
      const time = (_id: number, _precision: bigint, at: number) => {
        view.setBigUint64(at, ++calls, true);
        return 0;
      };
      const imports = { wasi_snapshot_preview1: { clock_time_get: time } };
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text)), imports);
      view = new DataView((exports.memory as { buffer: ArrayBuffer }).buffer);
      assert.deepEqual([(exports.second as () => bigint)(), (exports.first as () => bigint)()], [1n, 2n]);
    },
  },
  'References in tables': {
    async 'what nothing outside can reach is not what the host is said to have put there'() {
      const text = (table: string) => `(module (table ${table} 1 funcref) (type $t (func (result i32)))
        ${exported('call', '(result i32)', '(call_indirect (type $t) (i32.const 0))')})`;
      assert.equal(await conflict(text(''), 'call', 'call'), undefined);
      assert.ok(await conflict(text('(export "table")'), 'call', 'call'));
      // A host that could write the slot all the same would need a way in, which an engine gives it only by the export.
      const { exports } = new wasmEngine.Instance(new wasmEngine.Module(await parse(text(''))));
      assert.deepEqual(Object.keys(exports), ['call']);
      assert.throws(() => (exports.call as () => number)());
    },
  },
};

/** First words of the assumptions in docs/limits.md. */
function documented(): string[] {
  const page = readFileSync(join(ROOT, 'docs', 'limits.md'), 'utf8');
  const section = page.slice(page.indexOf('## What the analysis assumes')).split('\n## ')[0];
  const points = section.split('\n').filter((line) => line.startsWith('- '));
  return points.map((line) => /^- \*\*([^*]+)\.\*\*/.exec(line)?.[1] ?? assert.fail(`no first words in bold: ${line}`));
}

test('every assumption that the documentation lists has a test', () => {
  assert.deepEqual(documented().sort(), Object.keys(ASSUMPTIONS).sort());
});

for (const [assumption, tests] of Object.entries(ASSUMPTIONS))
  describe(assumption, () => {
    for (const [what, run] of Object.entries(tests)) test(what, run);
  });
