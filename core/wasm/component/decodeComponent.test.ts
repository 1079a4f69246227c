import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { componentEmbed, componentNew, parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { coreModuleAddress, coreModuleBytes } from '../../source/coreModules.ts';
import { decodeModule } from '../decode.ts';
import { decodeComponent, isComponent } from './decodeComponent.ts';

/** A component as toolchains make it: a core module with its WIT, wrapped. */
async function wrapped(): Promise<Uint8Array> {
  const core = await parse(`(module
    (import "demo:host/log" "line" (func $line (param i32 i32)))
    (memory (export "memory") 1)
    (global $n (mut i32) (i32.const 0))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "bump") (result i32)
      (call $line (i32.const 0) (i32.const 0))
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))`);
  const witSource = `package demo:host;
    interface log { line: func(text: string); }
    world counter { import log; export bump: func() -> u32; }`;
  const embedded = await componentEmbed({ binary: core, witSource, stringEncoding: 'utf8' } as never);
  return componentNew(embedded, []);
}

/** Forms that wasm-tools accepts: every kind of import and export, modules at several depths. */
const BY_HAND = `(component $outer
  (type $i (instance (export "f" (func))))
  (import "demo:a/b" (instance $ab (type $i)))
  (import "run" (func $run (param "x" u32) (result string)))
  (import "t" (type $t (sub resource)))
  (import "s" (type $s (eq $i)))
  (import "m" (core module $m (export "f" (func))))
  (import "c" (component $c (export "f" (func))))
  (core module $first (func (export "one")))
  (component $inner
    (core module $deep (memory (export "m") 1))
    (component (core module $deeper)))
  (core module (global i32 (i32.const 0)))
  (export "again" (func $run))
  (export "demo:a/c" (instance $ab))
  (export "plain" (core module $first))
  (export "typed" (func $run) (func (param "x" u32) (result string))))`;

describe('a component is decoded', () => {
  test('as toolchains make it: the world by name, the core modules as modules', async () => {
    const bytes = await wrapped();
    const { imports, exports, modules, errors } = decodeComponent(bytes);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      imports.map(({ name, kind }) => `${kind} ${name}`),
      ['instance demo:host/log'],
    );
    assert.deepEqual(
      exports.map(({ name, kind }) => `${kind} ${name}`),
      ['func bump'],
    );
    const main = modules.find(({ name }) => name === 'main');
    assert.ok(main);
    const core = decodeModule(bytes.slice(main.start, main.end));
    assert.deepEqual(core.errors, []);
    assert.ok(core.exports.some(({ name }) => name === 'bump'));
    for (const { start, end } of modules) assert.equal(decodeModule(bytes.slice(start, end)).kind, 'module');
  });

  test('in all kinds of imports and exports, with modules at several depths', async () => {
    const component = decodeComponent(await parse(BY_HAND));
    const listed = (items: typeof component.imports) => items.map(({ name, kind }) => `${kind} ${name}`);
    assert.deepEqual(component.errors, []);
    assert.deepEqual(listed(component.imports), [
      'instance demo:a/b',
      'func run',
      'type t',
      'type s',
      'core module m',
      'component c',
    ]);
    assert.deepEqual(listed(component.exports), ['func again', 'instance demo:a/c', 'core module plain', 'func typed']);
    assert.equal(component.name, 'outer');
    assert.equal(component.nested, 2);
    assert.deepEqual(
      component.modules.map(({ number, name }) => `${number} ${name}`),
      ['1 first', '2 deep', '3 deeper', '4 undefined'],
    );
  });

  test('as wasm-tools prints it', async () => {
    for (const bytes of [await wrapped(), await parse(BY_HAND), await parse('(component)')]) {
      const { imports, exports, modules } = decodeComponent(bytes);
      // Items of equal names get another identifier, and their name in an annotation.
      const text = (await print(bytes)).replaceAll(/\$"[^"]*" |\(@name "[^"]*"\) /g, '');
      assert.equal(modules.length, [...text.matchAll(/^ +\(core module (?:\(;|\$)/gm)].length);
      // Two spaces: those of the world, not of types and components inside it.
      const named = (word: string): string[] =>
        [...text.matchAll(new RegExp(`^  \\(${word} (?:\\$\\S+ )?(?:\\(;\\d+;\\) )?"([^"]+)"`, 'gm'))].map(
          ([, name]) => name,
        );
      assert.deepEqual(
        imports.map(({ name }) => name),
        named('import'),
      );
      assert.deepEqual(
        exports.map(({ name }) => name),
        named('export'),
      );
    }
  });
});

describe('bytes of a component that were changed', () => {
  const check = (bytes: Uint8Array): void => {
    const { modules, errors, imports, exports } = decodeComponent(bytes);
    for (const { start, end } of modules) {
      assert.ok(8 <= start && start <= end && end <= bytes.length);
      decodeModule(bytes.slice(start, end), { ownStructureOnly: true });
    }
    for (const { offset } of [...errors, ...imports, ...exports]) assert.ok(0 <= offset && offset <= bytes.length);
  };

  test('are read as far as possible, with errors in the file', async () => {
    const originals = [await wrapped(), await parse(BY_HAND)];
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...originals), edits, fc.nat(), (original, changes, cut) => {
        const bytes = original.slice(0, original.length - (cut % 4 === 0 ? cut % original.length : 0));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        check(bytes);
      }),
      { numRuns: 1000 },
    );
    for (let length = 0; length < originals[1].length; length++) check(originals[1].slice(0, length));
  });

  test('that are random have an error, or nothing in them', () => {
    const header = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (rest) => check(Uint8Array.from([...header, ...rest]))),
      { numRuns: 1000 },
    );
  });

  test('cannot nest without end', () => {
    let bytes = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
    for (let depth = 0; depth < 300; depth++) {
      const size = bytes.length;
      bytes = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 4, (size & 0x7f) | 0x80, size >> 7, ...bytes];
    }
    const { errors } = decodeComponent(Uint8Array.from(bytes));
    assert.match(errors[0].message, /nested more than 100 deep/);
  });
});

test('core modules are addressed by number', async () => {
  const bytes = await parse(BY_HAND);
  assert.ok(isComponent(bytes));
  assert.deepEqual(coreModuleAddress('/a/b.wasm#12'), { file: '/a/b.wasm', number: 12 });
  for (const name of ['b.wasm', 'b.wasm#0', 'b.wasm#', '#1', 'b#1', 'b.wasm#1x'])
    assert.equal(coreModuleAddress(name), undefined);
  const first = coreModuleBytes(bytes, 1);
  assert.ok(typeof first !== 'string');
  assert.equal(decodeModule(first).exports[0].name, 'one');
  assert.equal(coreModuleBytes(bytes, 5), 'has no core module 5: it has 4');
  assert.match(coreModuleBytes(await parse('(module)'), 1) as string, /is no component/);
});
