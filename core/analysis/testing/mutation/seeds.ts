/** Modules to mutate: the fixtures, and small ones that together use every section and most kinds of immediates. */

import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../../../testing/paths.ts';
import { v8Accepts } from '../../../testing/v8.ts';

/** A module to mutate; the name is for messages. */
export interface Seed {
  name: string;
  bytes: Uint8Array;
}

const TEXTS: Readonly<Record<string, string>> = {
  everySection: `(module $named
    (type $t (func (param i32) (result i32)))
    (import "env" "f" (func $f (type $t)))
    (import "env" "g" (global $g i32))
    (import "env" "m" (memory $m 1 2))
    (import "env" "t" (table $tab 1 10 funcref))
    (tag $tag (param i32))
    (table $own 2 funcref)
    (global $counter (mut i32) (i32.const 7))
    (global $big (mut i64) (i64.const -1))
    (func $start nop)
    (func $run (export "run") (type $t) (local $x i64) (local f32 f64)
      local.get 0 call $f global.get $counter i32.add global.set $counter
      i32.const 0 i32.load offset=4 align=2 drop
      i32.const 0 local.get $x i64.store offset=0x1000
      i32.const 0 i32.const 1 i32.const 2 memory.copy
      i32.const 0 i32.const 1 i32.const 2 memory.init $p  data.drop $p
      i32.const 0 i32.const 1 i32.const 1 table.init $own $e  elem.drop $e
      i32.const 1 memory.grow drop
      block $b loop $l local.get 0 br_table $b $l $b end end
      local.get 0 local.get 0 call_indirect $own (type $t) drop
      ref.null func i32.const 1 table.grow $own drop
      local.get 0 if (result i32) i32.const 1 else i32.const -2147483648 end)
    (export "memory" (memory $m)) (export "counter" (global $counter)) (export "tab" (table $tab))
    (start $start)
    (elem (table $own) (i32.const 0) func $run $start)
    (elem $e func $run) (elem declare func $start)
    (data (i32.const 16) "hello") (data $p "passive"))`,
  threads: `(module
    (memory (import "env" "memory") 1 10 shared)
    (func (export "lock") (param i32) (result i32)
      (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 1)) drop
      (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const -1)) drop
      (memory.atomic.notify (local.get 0) (i32.const 1)) drop
      atomic.fence
      (i64.atomic.rmw8.add_u offset=8 (local.get 0) (i64.const 1)) drop
      (i32.atomic.store (local.get 0) (i32.const 0))
      (i32.atomic.load (local.get 0))))`,
  simd: `(module (memory 1)
    (func (export "v") (param v128) (result v128)
      (v128.store8_lane 3 (i32.const 1) (local.get 0))
      (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 0) (v128.const i64x2 1 2))
      (i32x4.add (v128.load32_splat (i32.const 0)))
      (f32x4.relaxed_madd (local.get 0) (local.get 0)))
    (func (export "x") (result i32) (i8x16.extract_lane_s 5 (v128.const f32x4 1 2 nan inf))))`,
  exceptions: `(module (tag $e (param i32)) (tag (export "t"))
    (func (export "try") (result i32)
      (block $h (result i32)
        (try_table (result i32) (catch $e $h) (throw $e (i32.const 1)))
        return)
      drop
      (block (result exnref) (try_table (catch_all_ref 0)) (return (i32.const 1)))
      throw_ref))`,
  legacyExceptions: `(module (tag $e (param i32))
    (func (export "f") (result i32)
      try (result i32) i32.const 1 throw $e catch $e catch_all rethrow 0 end)
    (func (export "g") try nop delegate 0))`,
  gc: `(module
    (rec (type $s (struct (field (mut i32)) (field i8) (field (ref null $a)))) (type $a (array (mut i16))))
    (type $sub (sub (struct))) (type $f (func (param (ref $s)) (result i32)))
    (global $g (mut (ref null $s)) (ref.null $s))
    (table 1 1 (ref null $f))
    (data $d "abcd")
    (func $id (type $f) (struct.get $s 0 (local.get 0)))
    (func (export "mk") (result i32) (local (ref null $a))
      (struct.set $s 0 (global.get $g) (i32.const 1))
      (local.set 0 (array.new_fixed $a 2 (i32.const 1) (i32.const 2)))
      (array.set $a (local.get 0) (i32.const 0) (i32.const 5))
      (array.init_data $a $d (local.get 0) (i32.const 0) (i32.const 0) (i32.const 1))
      (array.copy $a $a (local.get 0) (i32.const 0) (local.get 0) (i32.const 0) (i32.const 1))
      (block $l (result (ref $s)) (br_on_cast $l (ref null $s) (ref $s) (global.get $g)) unreachable)
      ref.func $id call_ref $f
      (i31.get_s (ref.i31 (i32.const 1))) i32.add
      (ref.test (ref $s) (global.get $g)) i32.add)
    (func (export "tail") (param (ref $s)) (result i32) (return_call $id (local.get 0)))
    (elem declare func $id))`,
  wide: `(module (memory $a i64 1 5) (memory $b 1) (table $t i64 1 funcref)
    (func (export "m") (param i64)
      (i64.store $a offset=0x100000000 (local.get 0) (i64.const 0x7fffffffffffffff))
      (memory.copy $b $b (i32.const 0) (i32.const 0) (i32.const 0))
      (memory.fill $a (local.get 0) (i32.const 0) (i64.const 3))
      (drop (memory.grow $a (i64.const 1)))
      (drop (table.get $t (local.get 0)))
      (drop (select (result i64) (local.get 0) (local.get 0) (i32.const 1)))))`,
};

/** All valid seeds, in a fixed order, since a mutant is identified by seed and number. */
export async function loadSeeds(): Promise<Seed[]> {
  const fixtures = globSync('**/*.wasm', { cwd: FIXTURES })
    .sort()
    .map((file) => ({ name: basename(file), bytes: new Uint8Array(readFileSync(join(FIXTURES, file))) }));
  const compiled: Seed[] = [];
  for (const [name, text] of Object.entries(TEXTS)) compiled.push({ name, bytes: await parse(text) });
  return [...compiled, ...fixtures].filter(({ bytes }) => v8Accepts(bytes));
}
