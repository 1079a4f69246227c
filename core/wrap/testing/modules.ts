/** Modules that wrappers are generated for in tests: fixtures, and what nobody would write but anybody may get. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import type { HostId } from '../../hosts/index.ts';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { generateWrapper, type WrapKind, type Wrapper } from '../wrapper.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FIXTURES, name)));

const wat = (name: string): string =>
  `"${[...new TextEncoder().encode(name)].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('')}"`;

/** Names that are keywords, no identifiers at all, equal once they are identifiers, or an attack on a comment. */
export const HOSTILE_NAMES: readonly string[] = [
  '',
  ' ',
  'type',
  'func',
  'self',
  'Self',
  'crate',
  'match',
  'async',
  'class',
  'constructor',
  '__proto__',
  'then',
  'do',
  'Do',
  'd-o',
  'close',
  'use',
  'new',
  'call',
  'discard',
  'read memory',
  'ReadMemory',
  'get_value',
  'getValue',
  'GetValue',
  'get value',
  '1st',
  '日本語',
  'größe',
  '🦀',
  'a"; panic("x")',
  "b'; throw new Error('x')",
  `c\`\${process.exit(1)}\``,
  'd\n}\nfunc main() {',
  'e*/ alert(1) /*',
  'f\\',
  'g\u202egnp.exe',
  'h\u0000nul',
  'i\r\nj',
  '//line x.go:1',
  '#[cfg(no)]',
  '- list',
  `\${x}`,
  '%d%s',
  '{x}',
  'l'.repeat(5000),
  'very_long_name_of_many_words_that_does_not_fit_into_a_line_of_code_anywhere',
  'std::vec::Vec<T>::push',
  'p0',
  'ctx',
  'err',
  'store',
  'instance',
  'toString',
  'read_byte',
  'write_byte',
  'marshal_json',
  'MarshalJSON',
  'format',
  'scan',
  'seek',
  'write_to',
  'string',
  'error',
  'unwrap',
  'lock',
  'fail',
  'instance.ask',
];

const TYPES = ['i32', 'i64', 'f32', 'f64'];

/** Each name with another type. */
const hostile = `(module ${HOSTILE_NAMES.map((name, n) => {
  const params = Array.from({ length: n % 5 }, (_, i) => TYPES[(n + i) % 4]);
  const results = Array.from({ length: n % 3 }, (_, i) => TYPES[(n + i + 1) % 4]);
  return `(func (export ${wat(name)}) ${params.length > 0 ? `(param ${params.join(' ')})` : ''} ${results.length > 0 ? `(result ${results.join(' ')})` : ''} ${results.map((type) => `(${type}.const 0)`).join(' ')})`;
}).join('\n')})`;

/** Parameters with names: keywords, doubles, none, long ones. */
const named = `(module
  (memory (export "memory") 1)
  (func (export "fill") (param $buf_ptr i32) (param $len i32) (param $type i32) (param i32) (param $ctx i64) (result i32) i32.const 0)
  (func (export "clash") (param $a-b i32) (param $a_b i32) (param $p0 f64) (param $self f32) (param $this i32) (param $err i32) (param $result i32))
  (func (export "long") (param $a_rather_long_name_of_a_parameter_that_goes_on i32) (param $another_one_that_is_as_long_as_the_first_one i32) (result i64) i64.const 0)
  (func (export "fits") (param $twenty_characters_ii i32) (param $twenty_characters_iii i32) (result i32 i32) i32.const 0 i32.const 0))`;

const SOURCES: Readonly<Record<string, string>> = {
  'hostile.wasm': hostile,
  'named.wasm': named,
  'types.wasm': `(module
    (func (export "none"))
    (func (export "many") (param ${Array(16).fill('i64 f32').join(' ').split(' ').slice(0, 16).join(' ')}) (result i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64)
      i32.const 0 i64.const 0 f32.const 0 f64.const 0 i32.const 0 i64.const 0 f32.const 0 f64.const 0 i32.const 0 i64.const 0 f32.const 0 f64.const 0 i32.const 0 i64.const 0 f32.const 0 f64.const 0)
    (func (export "too_many") (param ${Array(17).fill('i32').join(' ')}))
    (func (export "vector") (param v128) (result v128) local.get 0)
    (func (export "reference") (param externref) (result funcref) ref.null func)
    (func (export "thirteen") (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0)
    (func (export "twelve") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0 i32.const 0)
    (func (export "a_long_name_and_seven_parameters") (param i32 i32 i32 i32 i32 i32 i32) (result i32) i32.const 0)
    (func (export "only64") (param i64) (result i64) local.get 0)
    (func (export "two") (param i32) (result f64 i64) f64.const 1 i64.const 2))`,
  'wasi.wasm': `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
    (import "env" "now" (func $now (result i64)))
    (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush" (func (param i32 i32)))
    (import "env.with.some" "words_to_41" (func (param i32) (result f32)))
    (import "env" "log line" (func (param i32 f64)))
    (import "__proto__" "__proto__" (func (result f64)))
    (import "" "drop" (func (param f32)))
    (import "" "memory" (func))
    (import "-" "linker" (func))
    (import "-" "readFileSync" (func))
    (import "env" "pair" (func (result i32 f32)))
    (import "other's" "x\\n" (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i32 i64)))
    (import "env" "opaque" (func (param externref)))
    (memory (export "memory") 2)
    (global $sp (mut i32) (i32.const 65536))
    (func (export "_initialize"))
    (func (export "malloc") (param i32) (result i32) (global.set $sp (i32.sub (global.get $sp) (local.get 0))) (global.get $sp))
    (func (export "free") (param i32))
    (func (export "print") (param i32 i32) (result i32) (call $w (i32.const 1) (local.get 0) (local.get 1) (i32.const 0)))
    (func (export "time") (result i64) (call $now)))`,
  'command.wasm': `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 0))))`,
  'state.wasm': `(module
    (import "env" "memory" (memory 1 4))
    (import "env" "__indirect_function_table" (table 3 funcref))
    (import "env" "__stack_pointer" (global $sp (mut i32)))
    (import "env" "base" (global i64))
    (import "env" "scale" (global (mut f32)))
    (import "env" "ratio" (global f64))
    (import "env" "tick" (func $tick (param i32) (result i32)))
    (import "GOT.mem" "x" (global (mut i32)))
    (func (export "step") (param i32) (result i32)
      (global.set $sp (i32.add (global.get $sp) (local.get 0)))
      (i32.store (i32.const 0) (global.get $sp))
      (call $tick (i32.const 1))))`,
  'common.wasm': `(module
    (import "env" "memory" (memory 1 2 shared))
    (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
    (func (export "plain_add") (param i32) (result i32)
      (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (local.get 0))) (i32.load (i32.const 4)))
    (func (export "sum") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1))))`,
  'memory64.wasm': `(module (memory (export "memory") i64 1) (func (export "size") (result i64) memory.size))`,
  'many.wasm': `(module ${Array.from({ length: 1000 }, (_, i) => `(func (export "f_${i}") (result i32) (i32.const ${i}))`).join('\n')})`,
};

const FILES = [
  'counter-global.wasm',
  'counter-memory.wasm',
  'bump-allocator.wasm',
  'caller-buffer.wasm',
  'grow-vs-write.wasm',
  'host-import.wasm',
  'mixed-atomics.wasm',
  'plugin-table.wasm',
  'pure.wasm',
  'shadow-stack.wasm',
  'shared-data.wasm',
  'threads-atomics.wasm',
];

/** What compilers and linkers make: many parameters, long names, imports of a component. */
const REAL = ['wasm-tools.core.wasm', 'wasm-tools.core2.wasm'];
const VENDOR = join(import.meta.dirname, '../../../node_modules/@bytecodealliance/jco-transpile/vendor');

export interface TestModule {
  file: string;
  bytes: Uint8Array;
}

export async function testModules(): Promise<TestModule[]> {
  const made = await Promise.all(
    Object.entries(SOURCES).map(async ([file, source]) => ({ file, bytes: await parse(source) })),
  );
  const real = REAL.map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(VENDOR, file))) }));
  return [...FILES.map((file) => ({ file, bytes: fixture(file) })), ...made, ...real];
}

export async function testModule(file: string): Promise<TestModule> {
  const source = SOURCES[file];
  return { file, bytes: source === undefined ? fixture(file) : await parse(source) };
}

/** @throws Error when there is no code for it */
export function wrap(
  { file, bytes }: TestModule,
  host: HostId,
  kind: WrapKind,
  more: { packageName?: string; evidence?: string[] } = {},
): Wrapper {
  const module = decodeModule(bytes);
  const wrapped = generateWrapper(module, analyse(module, { host, model: 'auto' }), {
    kind,
    moduleFile: file,
    ...more,
  });
  if ('refusal' in wrapped) throw new Error(wrapped.refusal);
  return wrapped;
}
