/**
 * Modules in the text format, for tests of wrappers: names, types, imports and state that templates have to cope with.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE_SOURCE } from './hostileNames.ts';

/** Parameters with names: keywords, doubles, none, long ones. */
const named = `(module
  (memory (export "memory") 1)
  (func (export "fill") (param $buf_ptr i32) (param $len i32) (param $type i32) (param i32) (param $ctx i64) (result i32) i32.const 0)
  (func (export "clash") (param $a-b i32) (param $a_b i32) (param $p0 f64) (param $self f32) (param $this i32) (param $err i32) (param $result i32))
  (func (export "long") (param $a_rather_long_name_of_a_parameter_that_goes_on i32) (param $another_one_that_is_as_long_as_the_first_one i32) (result i64) i64.const 0)
  (func (export "fits") (param $twenty_characters_ii i32) (param $twenty_characters_iii i32) (result i32 i32) i32.const 0 i32.const 0))`;

/** Sources by the file name that wrappers are generated for. */
export const SOURCES: Readonly<Record<string, string>> = {
  'hostile.wasm': HOSTILE_SOURCE,
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
    (func (export "_start")
      (if (i32.load (i32.const 16)) (then (unreachable)))
      (i32.store (i32.const 16) (i32.const 7)) (call $exit (i32.const 0))))`,
  'plugin.wasm': `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
      (if (i32.load (i32.const 16)) (then (unreachable)))
      (i32.store (i32.const 16) (i32.const 7)) (call $exit (i32.const 0)))
    (func (export "get") (result i32) (i32.load (i32.const 16))))`,
  'haskell.wasm': `(module
    (memory (export "memory") 1)
    (func $ctors (export "__wasm_call_ctors") (i32.store (i32.const 16) (i32.const 1)))
    (func (export "_initialize") (i32.store (i32.const 16) (i32.mul (i32.load (i32.const 16)) (i32.const 2))))
    (func (export "hs_init") (param i32 i32) (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
    (func (export "get") (result i32) (i32.load (i32.const 16))))`,
  'reactor-threads.wasm': `(module
    (import "env" "memory" (memory 1 1 shared))
    (func (export "_initialize")
      (if (i32.atomic.rmw.cmpxchg (i32.const 16) (i32.const 0) (i32.const 1)) (then (unreachable)))
      (i32.atomic.store (i32.const 20) (i32.const 6)))
    (func (export "get") (result i32) (i32.atomic.load (i32.const 20))))`,
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
  'own-state.wasm': `(module
    (import "env" "memory" (memory 1 4))
    (import "env" "__indirect_function_table" (table 3 funcref))
    (import "env" "__stack_pointer" (global $sp (mut i32)))
    (func (export "step") (param $by i32) (result i32)
      (global.set $sp (i32.add (global.get $sp) (local.get $by)))
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get $by)))
      (if (i32.ne (i32.load (i32.const 0)) (global.get $sp)) (then (unreachable)))
      (i32.load (i32.const 0)))
    (func (export "fail") (unreachable)))`,
  'tally.wasm': `(module
    (memory (export "memory") 1 1)
    (func $increment (export "increment") (result i32)
      (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
      (i32.load (i32.const 1024)))
    (func (export "count") (result i32) (i32.load (i32.const 1024)))
    (func (export "fail") (drop (call $increment)) (unreachable))
    (func (export "spin") (loop (br 0))))`,
  'imports.wasm': `(module
    (import "env" "add" (func $add (param i32 i32) (result i32)))
    (import "log" "write" (func $write (param i32 i64)))
    (memory (export "memory") 1 1)
    (func (export "sum") (param $a i32) (param $b i32) (result i32)
      (call $write (local.get $a) (i64.const 7))
      (call $add (local.get $a) (local.get $b))))`,
  'wide-shared.wasm': `(module
    (import "env" "memory" (memory 1 65536 shared))
    (func (export "next") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (func (export "grow") (param $pages i32) (result i32) (memory.grow (local.get $pages)))
    (func (export "wait") (param $nanoseconds i64) (result i32)
      (memory.atomic.wait32 (i32.const 64) (i32.const 0) (local.get $nanoseconds))))`,
  'threads.wasm': `(module
    (import "env" "memory" (memory 2 64 shared))
    (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
    (global $tls (mut i32) (i32.const 0))
    (global (export "__tls_size") i32 (i32.const 16))
    (global (export "__tls_align") i32 (i32.const 32))
    ;; Once for the memory: a second call finds that it has been made.
    (func (export "_initialize")
      (if (i32.atomic.rmw.cmpxchg (i32.const 16) (i32.const 0) (i32.const 1)) (then (unreachable)))
      (i32.atomic.store (i32.const 20) (i32.const 65536)))
    (func (export "__wasm_init_tls") (param $at i32) (global.set $tls (local.get $at)))
    (func (export "malloc") (param $size i32) (result i32)
      (if (i32.gt_u (i32.add (i32.atomic.load (i32.const 20)) (local.get $size)) (i32.const 131072))
        (then (drop (memory.grow (i32.const 4)))))
      (i32.atomic.rmw.add (i32.const 20) (i32.and (i32.add (local.get $size) (i32.const 15)) (i32.const -16))))
    (func (export "stack") (result i32) (global.get $sp))
    (func (export "storage") (result i32) (global.get $tls))
    ;; Writes a frame and reads it again: other instances must not have it.
    (func (export "frame") (param $value i32) (param $rounds i32) (result i32)
      (local $at i32)
      (global.set $sp (local.tee $at (i32.sub (global.get $sp) (i32.const 64))))
      (loop $again
        (i32.store (local.get $at) (local.get $value))
        (if (i32.ne (i32.load (local.get $at)) (local.get $value)) (then (unreachable)))
        (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
        (br_if $again (local.get $rounds)))
      (global.set $sp (i32.add (local.get $at) (i32.const 64)))
      (local.get $value))
    (func (export "fail") (unreachable)))`,
  'linked-threads.wasm': readFileSync(join(import.meta.dirname, 'cases/linked-threads.wat'), 'utf8'),
  'stack-global.wasm': `(module
    (import "env" "memory" (memory 2 64 shared))
    (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
    (func (export "frame") (param $value i32) (result i32)
      (local $at i32)
      (global.set $__stack_pointer (local.tee $at (i32.sub (global.get $__stack_pointer) (i32.const 64))))
      (i32.store (local.get $at) (local.get $value))
      (global.set $__stack_pointer (i32.add (local.get $at) (i32.const 64)))
      (local.get $at)))`,
  'stack-setter.wasm': `(module
    (import "env" "memory" (memory 2 64 shared))
    (global $__stack_pointer (mut i32) (i32.const 65536))
    (func (export "stackRestore") (param $to i32) (global.set $__stack_pointer (local.get $to)))
    (func (export "frame") (param $value i32) (result i32)
      (local $at i32)
      (global.set $__stack_pointer (local.tee $at (i32.sub (global.get $__stack_pointer) (i32.const 64))))
      (i32.store (local.get $at) (local.get $value))
      (global.set $__stack_pointer (i32.add (local.get $at) (i32.const 64)))
      (local.get $at)))`,
  'text.wasm': `(module
    (memory (export "memory") 2 2)
    (global $next (mut i32) (i32.const 65536))
    (global $live (mut i32) (i32.const 0))
    (data (i32.const 1024) "Hello, ")
    ;; Blocks are taken back when none is left.
    (func $malloc (export "malloc") (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (if (i32.gt_u (local.get $size) (i32.sub (i32.const 131072) (local.get $at))) (then (return (i32.const 0))))
      (global.set $live (i32.add (global.get $live) (i32.const 1)))
      (global.set $next (i32.add (local.get $at) (i32.and (i32.add (local.get $size) (i32.const 7)) (i32.const -8))))
      (local.get $at))
    (func (export "free") (param $p i32) (param $size i32)
      (if (i32.eqz (local.get $size)) (then (unreachable)))
      (global.set $live (i32.sub (global.get $live) (i32.const 1)))
      (if (i32.eqz (global.get $live)) (then (global.set $next (i32.const 65536)))))
    (func (export "live") (result i32) (global.get $live))
    ;; Slow on purpose: a copy of its argument stands in a buffer of the instance.
    (func (export "greet") (param $name_ptr i32) (param $name_len i32) (result i64)
      (local $r i32)
      (if (i32.eq (local.get $name_len) (i32.const 13)) (then (unreachable)))
      (memory.copy (i32.const 1031) (local.get $name_ptr) (local.get $name_len))
      (local.set $r (call $malloc (i32.add (local.get $name_len) (i32.const 7))))
      (memory.copy (local.get $r) (i32.const 1024) (i32.add (local.get $name_len) (i32.const 7)))
      (i64.or
        (i64.shl (i64.extend_i32_u (local.get $r)) (i64.const 32))
        (i64.extend_i32_u (i32.add (local.get $name_len) (i32.const 7)))))
    (func (export "checksum") (param $p i32) (param $n i32) (result i32)
      (local $i i32) (local $s i32)
      (block $end
        (loop $again
          (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
          (local.set $s (i32.add (local.get $s) (i32.load8_u (i32.add (local.get $p) (local.get $i)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $again)))
      (local.get $s))
    (func (export "fill") (param $p i32) (param $n i32) (param $value i32)
      (memory.fill (local.get $p) (local.get $value) (local.get $n)))
    (func (export "join") (param $p i32) (param $n i32) (param $q i32) (param $m i32) (result i32)
      (memory.copy (i32.const 2048) (local.get $p) (local.get $n))
      (memory.copy (i32.const 4096) (local.get $q) (local.get $m))
      (i32.add (local.get $n) (local.get $m)))
    (func (export "pointer") (param $p i32) (param $n i32) (result i32)
      (memory.copy (i32.const 1031) (local.get $p) (local.get $n))
      (local.get $p)))`,
  'common.wasm': `(module
    (import "env" "memory" (memory 1 2 shared))
    (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
    (func (export "plain_add") (param i32) (result i32)
      (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (local.get 0))) (i32.load (i32.const 4)))
    (func (export "sum") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1))))`,
  'memory64.wasm': `(module (memory (export "memory") i64 1) (func (export "size") (result i64) memory.size))`,
  'many.wasm': `(module ${Array.from({ length: 1000 }, (_, i) => `(func (export "f_${i}") (result i32) (i32.const ${i}))`).join('\n')})`,
};
