/**
 * Which cells instructions access and how: atomics, bulk memory, several memories, 64-bit ones,
 * tables, segments, the garbage-collected heap, the host. `;;!` marks the first site of each effect.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allEffects, analyseWat, expectedEffects } from './testing/facts.ts';

const CASES: Readonly<Record<string, string>> = {
  'atomic loads, stores, read-modify-writes, waits': `(module (memory 1 1 shared)
    (func (param $p i32)
      (drop (i32.atomic.load (i32.const 0))) ;;! atomic-read memory[0] [0,4)
      (i64.atomic.store (i32.const 8) (i64.const 1)) ;;! atomic-write memory[0] [8,16)
      (drop (i32.atomic.rmw8.add_u (i32.const 16) (i32.const 1))) ;;! atomic-write memory[0] [16,17)
      (drop (i64.atomic.rmw16.cmpxchg_u offset=2 (i32.const 16) (i64.const 0) (i64.const 1))) ;;! atomic-write memory[0] [18,20)
      (drop (i32.atomic.rmw.xchg (local.get $p) (i32.const 1))) ;;! atomic-write memory[0] parameter 0
      (drop (memory.atomic.wait32 (i32.const 32) (i32.const 0) (i64.const -1))) ;;! atomic-read memory[0] [32,36)
      (drop (memory.atomic.wait64 (i32.const 40) (i64.const 0) (i64.const -1))) ;;! atomic-read memory[0] [40,48)
      (drop (memory.atomic.notify (i32.const 48) (i32.const 1))) ;;! atomic-read memory[0] [48,52)
      (atomic.fence)
      (i32.store (i32.const 0) (i32.const 1)) ;;! write memory[0] [0,4)
    ))`,

  'ranges of bulk memory instructions': `(module (memory 1) (data $d "0123456789")
    (func (param $p i32) (param $n i32)
      (memory.fill (i32.const 16) (i32.const 0) (i32.const 64)) ;;! write memory[0] [16,80)
      (memory.copy (i32.const 100) (i32.const 200) (i32.const 50)) ;;! write memory[0] [100,150) ; read memory[0] [200,250)
      (memory.init $d (i32.const 300) (i32.const 0) (i32.const 10)) ;;! read segment[0] data ; write memory[0] [300,310)
      (memory.fill (local.get $p) (i32.const 0) (i32.const 64)) ;;! write memory[0] parameter 0
      (memory.fill (i32.const 16) (i32.const 0) (local.get $n)) ;;! write memory[0] unknown
      (memory.copy (i32.const 16) (local.get $p) (local.get $n)) ;;! read memory[0] parameter 0
      (memory.copy (local.get $p) (i32.const 16) (local.get $n)) ;;! read memory[0] unknown
      (data.drop $d) ;;! write segment[0] data
    ))`,

  'vector lanes and splats': `(module (memory 1)
    (func (param $v v128)
      (drop (v128.load8_splat (i32.const 16))) ;;! read memory[0] [16,17)
      (drop (v128.load32_zero (i32.const 20))) ;;! read memory[0] [20,24)
      (drop (v128.load8x8_u (i32.const 24))) ;;! read memory[0] [24,32)
      (drop (v128.load16_lane 1 (i32.const 32) (local.get $v))) ;;! read memory[0] [32,34)
      (v128.store64_lane 1 (i32.const 40) (local.get $v)) ;;! write memory[0] [40,48)
    ))`,

  'several memories': `(module (memory $a 1) (memory $b 1) (data $d "x")
    (func (param $p i32)
      (i32.store $b offset=4 (i32.const 16) (i32.const 1)) ;;! write memory[1] [20,24)
      (drop (i32.load $b (local.get $p))) ;;! read memory[1] parameter 0
      (memory.copy $a $b (i32.const 0) (i32.const 8) (i32.const 4)) ;;! write memory[0] [0,4) ; read memory[1] [8,12)
      (memory.fill $b (i32.const 32) (i32.const 0) (i32.const 4)) ;;! write memory[1] [32,36)
      (memory.init $b $d (i32.const 40) (i32.const 0) (i32.const 1)) ;;! read segment[0] data ; write memory[1] [40,41)
      (drop (memory.size $b)) ;;! read memory.grow[1]
      (drop (memory.grow $a (i32.const 1))) ;;! write memory.grow[0]
    ))`,

  '64-bit memory': `(module (memory i64 1)
    (func (param $p i64)
      (i32.store (i64.const 16) (i32.const 1)) ;;! write memory[0] [16,20)
      (i32.store offset=8 (i64.add (local.get $p) (i64.const 8)) (i32.const 1)) ;;! write memory[0] parameter 0
      (drop (i32.load (i64.const 0x100000000))) ;;! read memory[0] [4294967296,4294967300)
      (drop (i32.load offset=0x100000000 (i64.const 8))) ;;! read memory[0] [4294967304,4294967308)
      (memory.fill (i64.const 64) (i32.const 0) (i64.const 16)) ;;! write memory[0] [64,80)
      (drop (memory.grow (i64.const 1))) ;;! write memory.grow[0]
    ))`,

  '64-bit sums beyond 32 bits': `(module (memory i64 1)
    (func (drop (i32.load (i64.add (i64.add (i64.const 0x7fffffff) (i64.const 0x7fffffff)) (i64.const 0x7fffffff)))) ;;! read memory[0] [6442450941,6442450945)
    ))`,

  'one address by two spellings in a 64-bit memory': `(module (memory i64 1)
    (func (drop (i32.load offset=0x100000000 (i64.const 0))) ;;! read memory[0] [4294967296,4294967300)
      (drop (i32.load8_u offset=0xffffffff (i64.const 1))) ;;! read memory[0] [4294967296,4294967297)
    ))`,

  tables: `(module (table $t 4 10 funcref) (table $u 4 funcref) (elem $e func $f) (type $v (func)) (func $f)
    (func (param $i i32) (param $r funcref)
      (drop (table.get $t (i32.const 1))) ;;! read table[0] [1,2)
      (table.set $t (local.get $i) (local.get $r)) ;;! write table[0] parameter 0
      (table.set $t (i32.mul (local.get $i) (i32.const 2)) (local.get $r)) ;;! write table[0] unknown
      (drop (table.size $t)) ;;! read table.grow[0]
      (drop (table.grow $t (local.get $r) (i32.const 1))) ;;! write table.grow[0]
      (table.fill $u (i32.const 2) (local.get $r) (i32.const 1)) ;;! write table[1] [2,3)
      (table.copy $u $t (i32.const 0) (i32.const 0) (i32.const 2)) ;;! write table[1] unknown ; read table[0] unknown
      (table.init $u $e (i32.const 3) (i32.const 0) (i32.const 1)) ;;! read segment[0] element ; write table[1] [3,4)
      (elem.drop $e) ;;! write segment[0] element
      (call_indirect $u (type $v) (i32.const 2)) ;;! read table[1] [2,3)
      (return_call_indirect $u (type $v) (local.get $i)) ;;! read table[1] parameter 0
    ))`,

  'structs and arrays': `(module (type $s (struct (field (mut i32)))) (type $a (array (mut i8))) (data $d "x")
    (func (param $s (ref $s)) (param $a (ref $a))
      (drop (struct.new $s (i32.const 1)))
      (drop (array.len (local.get $a)))
      (drop (struct.get $s 0 (local.get $s))) ;;! read heap
      (struct.set $s 0 (local.get $s) (i32.const 1)) ;;! write heap
      (array.fill $a (local.get $a) (i32.const 0) (i32.const 0) (i32.const 1))
    ))`,

  'arrays made of segments read them': `(module (type $a (array (mut i8))) (type $r (array (mut funcref))) (data $d "xy") (elem $e func)
    (func (param $a (ref $a)) (param $r (ref $r))
      (drop (array.new_data $a $d (i32.const 0) (i32.const 1))) ;;! read segment[0] data
      (drop (array.new_elem $r $e (i32.const 0) (i32.const 0))) ;;! read segment[0] element
      (data.drop $d) ;;! write segment[0] data
      (array.init_data $a $d (local.get $a) (i32.const 0) (i32.const 0) (i32.const 1)) ;;! write heap
    )
    (func (param $r (ref $r))
      (array.init_elem $r $e (local.get $r) (i32.const 0) (i32.const 0) (i32.const 0)) ;;! write heap ; read segment[0] element
    ))`,

  'ref.func, calls of the host, globals': `(module (import "env" "f" (func $f)) (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
    (global $const i32 (i32.const 1)) (global $var (mut i32) (i32.const 1)) (elem declare func $f) (memory 1)
    (func
      (drop (ref.func $f)) ;;! write ref.func
      (call $f) ;;! write host[0]
      (drop (global.get $const))
      (drop (global.get $var)) ;;! read global[1]
      (global.set $var (i32.const 1)) ;;! write global[1]
      (return_call $f)
    ))`,

  'refused growth only reads': `(module (memory $open 1) (memory $full 2 2) (memory $shared 1 2 shared)
    (func (param $n i32)
      (drop (memory.grow $full (i32.const 5))) ;;! read memory.grow[1]
      (drop (memory.grow $open (i32.const 0))) ;;! read memory.grow[0]
      (drop (memory.grow $open (local.get $n))) ;;! write memory.grow[0]
      (drop (memory.grow $shared (i32.const 0))) ;;! atomic-read memory.grow[2]
      (drop (memory.grow $shared (i32.const 1))) ;;! atomic-write memory.grow[2]
    ))`,
};

describe('accesses of cells', () => {
  for (const [name, text] of Object.entries(CASES)) {
    test(name, async () => assert.deepEqual(allEffects(await analyseWat(text)), expectedEffects(text)));
  }
});

describe('what reaches the host', () => {
  const WAT = `(module (import "env" "f" (func $f))
    (table 1 funcref) (elem (i32.const 0) func $f) (type $v (func))
    (export "again" (func $f))
    (func (export "direct") (call $f))
    (func (export "indirect") (call_indirect (type $v) (i32.const 0))))`;

  for (const name of ['direct', 'again', 'indirect']) {
    test(`${name}: two calls at once call one imported function twice`, async () => {
      const { analysis } = await analyseWat(WAT);
      const found = analysis.exports.find((e) => e.name === name);
      assert.equal(found?.class, 'host-dependent');
      assert.ok(found.conflictCount > 0);
    });
  }
});
