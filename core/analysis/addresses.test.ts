/**
 * Abstract addresses: what one pass knows about the target of a load or store. `;;!` marks the first site of each
 * effect of a function and says what it must be.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allEffects, analyseWat, expectedEffects } from './testing/facts.ts';

const CASES: Readonly<Record<string, string>> = {
  'a constant, and a constant with an offset': `(module (memory 1)
    (func (i32.store (i32.const 16) (i32.const 1)) ;;! write memory[0] [16,20)
      (i32.store8 offset=4 (i32.const 16) (i32.const 1)) ;;! write memory[0] [20,21)
      (drop (i64.load offset=100 (i32.const 0))) ;;! read memory[0] [100,108)
    ))`,

  'an offset does not wrap': `(module (memory 1)
    (func (drop (i32.load8_u offset=4294967295 (i32.const -1))) ;;! read memory[0] [8589934590,8589934591)
    ))`,

  'sums and differences of constants wrap': `(module (memory 1)
    (func (drop (i32.load (i32.add (i32.const -8) (i32.const 24)))) ;;! read memory[0] [16,20)
      (drop (i32.load (i32.sub (i32.const 8) (i32.const 4)))) ;;! read memory[0] [4,8)
    ))`,

  'a value of any width below a constant address': `(module (memory 1)
    (func (i64.store (i32.const 16) (i64.const 1)) ;;! write memory[0] [16,24)
      (f32.store (i32.const 32) (f32.const 1)) ;;! write memory[0] [32,36)
      (f64.store (i32.const 48) (f64.const 1)) ;;! write memory[0] [48,56)
      (v128.store (i32.const 64) (v128.const i64x2 0 0)) ;;! write memory[0] [64,80)
    ))`,

  'a parameter plus a constant': `(module (memory 1)
    (func (param $p i32) (param $q i32)
      (i32.store (local.get $p) (i32.const 1)) ;;! write memory[0] parameter 0
      (i32.store offset=8 (i32.add (local.get $q) (i32.const 4)) (i32.const 1)) ;;! write memory[0] parameter 1
      (i32.store (i32.sub (local.get $p) (i32.const 4)) (i32.const 1))
      (drop (i32.load (i32.sub (i32.const 4) (local.get $p)))) ;;! read memory[0] unknown
      (drop (i32.load (i32.add (local.get $p) (local.get $q)))) ;;! read memory[0] parameter 1 ; read memory[0] parameter 0
      (drop (i32.load (i32.shl (local.get $p) (i32.const 2)))) ;;! read memory[0] parameter 0*4+[0,4)
    ))`,

  'twice an index is no index of another pointer': `(module (memory 1)
    (func $f (param $p i32) (i32.store8 (i32.add (local.get $p) (local.get $p)) (i32.const 1)) ;;! write memory[0] parameter 0
    )
    (func (export "g") (call $f (i32.const 5))) ;;! write memory[0] unknown
  )`,

  'what is read through an index is accessed, whatever it is': `(module (memory 1)
    (func $f (param $p i32)
      (i32.store8 (i32.add (i32.load (local.get $p)) ;;! read memory[0] parameter 0
          (i32.load offset=4 (local.get $p)))
        (i32.const 1)) ;;! write memory[0] through parameter 0
    )
    (func (export "g") (param i32)
      (call $f (i32.and (local.get 0) (i32.const 12))))) ;;! read memory[0] unknown ; write memory[0] unknown
  `,

  'a parameter that was overwritten is what it was set to': `(module (memory 1)
    (func (param $p i32)
      (local.set $p (i32.const 64))
      (i32.store (local.get $p) (i32.const 1)) ;;! write memory[0] [64,68)
      (local.set $p (i32.mul (local.get $p) (i32.const 2)))
      (i32.store (local.get $p) (i32.const 1)) ;;! write memory[0] [128,132)
    ))`,

  'a local that was never set': `(module (memory 1)
    (func (local $l i32) (drop (i32.load (local.get $l))) ;;! read memory[0] unknown
    ))`,

  'what a load, a call or a select gives': `(module (memory 1) (func $g (result i32) (i32.const 16))
    (func (param $p i32)
      (drop (i32.load (i32.load (i32.const 16)))) ;;! read memory[0] [16,20) ; read memory[0] contents [16,20)
      (i32.store (call $g) (i32.const 1)) ;;! write memory[0] [16,20)
      (i32.store (select (i32.const 16) (i32.const 32) (local.get $p)) (i32.const 1)) ;;! write memory[0] [16,36)/16
    ))`,

  'static data through an immutable global': `(module (import "env" "__memory_base" (global $base i32)) (memory 1)
    (func (local $b i32)
      (local.set $b (i32.add (global.get $base) (i32.const 32)))
      (i32.store offset=8 (local.get $b) (i32.const 1)) ;;! write memory[0] $0+[40,44)
      (drop (i32.load8_u (i32.sub (local.get $b) (i32.const 40)))) ;;! read memory[0] $0+[-8,-7)
    ))`,

  'a mutable global that is no stack pointer': `(module (global $brk (mut i32) (i32.const 1024)) (memory 1)
    (func (param $n i32)
      (i32.store (global.get $brk) (i32.const 1)) ;;! read global[0] ; write memory[0] unknown
      (global.set $brk (i32.add (global.get $brk) (local.get $n))) ;;! write global[0]
    ))`,

  'if and else': `(module (memory 1)
    (func (param $p i32) (local $a i32)
      (local.set $a (i32.const 8))
      (if (local.get $p)
        (then (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,12)
          (local.set $a (i32.const 16))
          (i32.store (local.get $a) (i32.const 0))) ;;! write memory[0] [16,20)
        (else (i32.store (local.get $a) (i32.const 0))))
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,20)/8
    ))`,

  'a local that only one branch sets is one of two behind it': `(module (memory 1)
    (func (param $p i32) (local $a i32) (local $b i32)
      (local.set $a (i32.const 8)) (local.set $b (i32.const 24))
      (if (local.get $p) (then (local.set $a (i32.const 16))))
      (i32.store (local.get $b) (i32.const 0)) ;;! write memory[0] [24,28)
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,20)/8
    ))`,

  'br_if over a set': `(module (memory 1)
    (func (param $p i32) (local $a i32)
      (local.set $a (i32.const 8))
      (block $out
        (br_if $out (local.get $p))
        (local.set $a (i32.const 16))
        (i32.store (local.get $a) (i32.const 0))) ;;! write memory[0] [16,20)
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,20)/8
    ))`,

  'results and parameters of blocks': `(module (memory 1)
    (func (param $p i32)
      (drop (i32.load (block $b (result i32) (drop (br_if $b (i32.const 8) (local.get $p))) (i32.const 16))))
      i32.const 8 (loop $l (param i32) (result i32) i32.const 4 i32.add (br_if $l (local.get $p)))
      i32.load drop ;;! read memory[0] unknown
      i32.const 8 (loop $again (param i32) i32.load8_u offset=64 i32.const 16 local.get $p br_if $again drop drop)
      (i32.store (i32.const 40) (block (result i32) (i32.const 1))) ;;! write memory[0] [40,44) ; read memory[0] [8,20)/8
    ))`,

  'an induction variable': `(module (memory 1)
    (func (local $i i32)
      (local.set $i (i32.const 64))
      (loop $l
        (i32.store (local.get $i) (i32.const 0)) ;;! write memory[0] unknown
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (i32.store (local.get $i) (i32.const 0))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 128))))
      (drop (i32.load (local.get $i))) ;;! read memory[0] unknown
    ))`,

  'an induction variable of the outer loop, in the inner one': `(module (memory 1)
    (func (param $n i32) (local $i i32) (local $same i32)
      (local.set $i (i32.const 64)) (local.set $same (i32.const 8))
      (loop $outer
        (loop $inner
          (i32.store (local.get $i) (local.get $same))
          (drop (i32.load (local.get $same))) ;;! read memory[0] [8,12) ; write memory[0] unknown
          (br_if $inner (local.get $n)))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $outer (local.get $n)))
    ))`,

  'two variables that a loop exchanges': `(module (memory 1)
    (func (param $n i32) (local $a i32) (local $b i32) (local $t i32)
      (local.set $a (i32.const 8)) (local.set $b (i32.const 16))
      (loop $l
        (local.set $t (local.get $a))
        (local.set $a (local.get $b))
        (local.set $b (local.get $t))
        (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,20)/8
        (i32.store (local.get $b) (i32.const 0))
        (br_if $l (local.get $n)))
    ))`,

  'a local that a loop sets anew each time': `(module (memory 1)
    (func (param $n i32) (local $a i32)
      (loop $l
        (i32.store (local.get $a) (i32.const 0))
        (local.set $a (i32.const 8))
        (drop (i32.load (local.get $a))) ;;! read memory[0] [8,12) ; write memory[0] [0,12)/8
        (br_if $l (local.get $n)))
    ))`,

  'a set that every way out of a block and a loop comes by': `(module (memory 1)
    (func (param $n i32) (local $a i32)
      (local.set $a (i32.const 8))
      (block $b
        (loop $l
          (local.set $a (i32.const 64))
          (br_if $b (local.get $n))
          (block (br_if 0 (local.get $n)))
          (br_if $l (local.get $n))))
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [64,68)
    ))`,

  'arrays of bytes at an index that was read': `(module (memory 1) (data (i32.const 1024) "abc")
    (func (param $p i32)
      (i32.store8 offset=2048 (i32.load (local.get $p)) (i32.const 0))) ;;! read memory[0] parameter 0 ; write memory[0] static ; write memory[0] through parameter 0
    (func
      (drop (i32.load8_u (i32.add (i32.load (i32.const 1040)) (i32.const 2048))))) ;;! read memory[0] [1040,1044) ; read memory[0] static ; read memory[0] contents [1040,1044)
    (func (param $p i32) (param $c i32)
      (drop (i32.load8_u offset=2048 (select (i32.load (local.get $p)) (i32.load offset=4 (local.get $p)) (local.get $c))))) ;;! read memory[0] parameter 0 ; read memory[0] static ; read memory[0] through parameter 0
    (func (param $p i32)
      (drop (i32.load8_u offset=1000 (i32.load (local.get $p))))) ;;! read memory[0] parameter 0 ; read memory[0] through parameter 0
    )`,

  'an array of bytes at zero or another index': `(module (memory 1) (data (i32.const 1024) "abc")
    (global $__stack_pointer (mut i32) (i32.const 65536))
    (func (param $i i32) (param $c i32)
      (drop (i32.load8_u offset=2048 (select (i32.const 0) (local.get $i) (local.get $c))))) ;;! read memory[0] parameter 0 ; read memory[0] static
    (func $pick (param $i i32) (param $c i32) (result i32)
      (select (i32.const 0) (local.get $i) (local.get $c)))
    (func (param $i i32) (param $c i32)
      (drop (i32.load8_u offset=2048 (call $pick (local.get $i) (local.get $c))))) ;;! read memory[0] parameter 0 ; read memory[0] static
    (func (param $i i32) (param $c i32)
      (drop (i32.load offset=2048 (select (i32.const 0) (i32.shl (local.get $i) (i32.const 2)) (local.get $c))))) ;;! read memory[0] [2048,2052) ; read memory[0] parameter 0*4+[2048,2052)
    )`,

  'a set in a loop, and the same again behind it': `(module (memory 1)
    (func (param $n i32) (local $a i32)
      (loop $l
        (i32.store (local.get $a) (i32.const 0)) ;;! read memory[0] [64,68) ; write memory[0] [0,68)/64
        (local.set $a (i32.const 64))
        (br_if $l (local.get $n)))
      (local.set $a (i32.const 64))
      (drop (i32.load (local.get $a)))
    ))`,

  'ways out of a block before and behind a set': `(module (memory 1)
    (func (param $n i32) (local $a i32)
      (local.set $a (i32.const 8))
      (block $out
        (block $b
          (br_if $out (local.get $n))
          (local.set $a (i32.const 64))
          (br_if $b (local.get $n)))
        (drop (i32.load (local.get $a)))) ;;! read memory[0] [64,68)
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,68)/56
    ))`,

  'ways past a set: a table of branches, an if, another loop': `(module (memory 1)
    (func (param $n i32) (local $a i32) (local $b i32) (local $c i32)
      (local.set $a (i32.const 8)) (local.set $b (i32.const 16)) (local.set $c (i32.const 24))
      (block $out
        (block (br_table 0 $out (local.get $n)))
        (local.set $a (i32.const 64)))
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,68)/56
      (block (if (local.get $n) (then (local.set $b (i32.const 72)))))
      (i32.store8 (local.get $b) (i32.const 0)) ;;! write memory[0] [16,73)/56
      (loop $l
        (block (br_if 0 (local.get $n)) (local.set $c (i32.const 80)) (br $l))
        (i32.store16 (local.get $c) (i32.const 0))) ;;! write memory[0] [24,82)/56
    ))`,

  'legacy try and catch': `(module (memory 1) (tag $e (param i32))
    (func (local $a i32)
      (local.set $a (i32.const 8))
      try
        (local.set $a (i32.const 16))
        (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [16,20)
        (throw $e (i32.const 40))
      catch $e
        i32.load drop ;;! read memory[0] unknown
        (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,20)/8
      catch_all
        (i32.store (local.get $a) (i32.const 0))
      end
      (drop (i32.load (local.get $a))) ;;! read memory[0] [8,20)/8
    ))`,

  try_table: `(module (memory 1) (tag $e (param i32)) (func $may_throw)
    (func (local $a i32)
      (local.set $a (i32.const 8))
      (block $caught (result i32)
        (try_table (catch $e $caught)
          (local.set $a (i32.const 16))
          (call $may_throw)
          (local.set $a (i32.const 24))
          (i32.store (local.get $a) (i32.const 0))) ;;! write memory[0] [24,28)
        (return))
      i32.load drop ;;! read memory[0] unknown
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,28)/8
    ))`,

  'dead code has no effects, live code behind it has': `(module (memory 1) (global $g (mut i32) (i32.const 0))
    (func (param $p i32) (local $a i32)
      (local.set $a (i32.const 8))
      (block $b
        (br $b)
        (global.set $g (i32.const 1))
        (block (loop (local.set $a (i32.const 99)) (memory.grow (i32.const 1)) (drop))))
      (i32.store (local.get $a) (i32.const 0)) ;;! write memory[0] [8,12)
      (if (local.get $p)
        (then (return) (global.set $g (i32.const 1)))
        (else (drop (i32.load (i32.const 16))))) ;;! read memory[0] [16,20)
      (unreachable) (i32.store (i32.const 48))
    ))`,

  'a frame below a named stack pointer': `(module (global $__stack_pointer (mut i32) (i32.const 65536)) (memory 2)
    (func (param $i i32) (local $fp i32)
      (global.set $__stack_pointer (local.tee $fp (i32.sub (global.get $__stack_pointer) (i32.const 16)))) ;;! read stack-pointer[0] ; write stack-pointer[0]
      (i32.store offset=12 (local.get $fp) (i32.const 1)) ;;! write memory[0] stack
      (i32.store (i32.add (local.get $fp) (i32.const 8)) (i32.const 1))
      (drop (i32.load (i32.add (local.get $fp) (i32.shl (local.get $i) (i32.const 2))))) ;;! read memory[0] stack
      (global.set $__stack_pointer (i32.add (local.get $fp) (i32.const 16)))
    ))`,

  'a stack pointer without a name, by its prologue': `(module (global (mut i32) (i32.const 7)) (global (mut i32) (i32.const 65536)) (memory 2)
    (func (local $fp i32)
      (global.set 0 (i32.add (global.get 0) (i32.const 1))) ;;! read global[0] ; write global[0]
      (global.set 1 (local.tee $fp (i32.sub (global.get 1) (i32.const 16)))) ;;! read stack-pointer[1] ; write stack-pointer[1]
      (i32.store (local.get $fp) (i32.const 1)) ;;! write memory[0] stack
      (i32.store (global.get 0) (i32.const 1)) ;;! write memory[0] unknown
      (global.set 1 (i32.add (local.get $fp) (i32.const 16)))
    ))`,

  'a global that only goes down is no stack pointer': `(module (global (mut i32) (i32.const 65536)) (memory 2)
    (func (local $p i32)
      (global.set 0 (local.tee $p (i32.sub (global.get 0) (i32.const 16)))) ;;! read global[0] ; write global[0]
      (i32.store (local.get $p) (i32.const 1)) ;;! write memory[0] unknown
    ))`,
};

describe('abstract addresses', () => {
  for (const [name, text] of Object.entries(CASES)) {
    test(name, async () => assert.deepEqual(allEffects(await analyseWat(text)), expectedEffects(text)));
  }
});

describe('stack pointer', () => {
  const find = async (text: string) => {
    const { analysis } = await analyseWat(text);
    return [analysis.stackPointer, analysis.stackPointerBy];
  };
  const frame = (g: number) => `(func (local i32)
    (global.set ${g} (local.tee 0 (i32.sub (global.get ${g}) (i32.const 16))))
    (global.set ${g} (i32.add (local.get 0) (i32.const 16))))`;

  test('by name, even where another global has the discipline', async () => {
    const globals = '(global (mut i32) (i32.const 0)) (global $__stack_pointer (mut i32) (i32.const 0))';
    assert.deepEqual(await find(`(module ${globals} ${frame(0)})`), [1, 'name']);
  });
  test('by the name of an export or import, with a prefix', async () => {
    assert.deepEqual(await find('(module (global (export "__stack_pointer") (mut i32) (i32.const 0)))'), [0, 'name']);
    assert.deepEqual(await find('(module (import "env" "__stack_pointer" (global (mut i32))))'), [0, 'name']);
    assert.deepEqual(await find('(module (global $~lib/memory/__stack_pointer (mut i32) (i32.const 0)))'), [0, 'name']);
  });
  test('not by a name that only ends like it, and never an immutable global', async () => {
    assert.deepEqual(await find('(module (global $my__stack_pointer (mut i32) (i32.const 0)))'), [-1, undefined]);
    assert.deepEqual(await find('(module (global $__stack_pointer i32 (i32.const 0)))'), [-1, undefined]);
  });
  test('the global that most functions lower and restore', async () => {
    const globals = '(global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 0))';
    assert.deepEqual(await find(`(module ${globals} ${frame(0)} ${frame(1)} ${frame(1)})`), [1, 'prologue']);
  });
});
