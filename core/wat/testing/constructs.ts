/** For tests: small module texts, each with one construct of the text format. All of them assemble. */
export const CONSTRUCTS: Readonly<Record<string, string>> = {
  'no fields': '(module)',
  'a named module': '(module $"a name" (func $f))',
  'fields without a module': '(memory 1) (func (export "f") (drop (i32.load (i32.const 0))))',
  'comments everywhere': `;; before
(module ;; after a word
  (; a block (; in a block ;) with ) and " ;)
  (func (;0;) $f (; name ;) (export (;x;) "f") ;; line with ( and "
    (;i;) i32.const (;v;) 1 ;; (
    drop(;glued;)))`,
  'a carriage return ends a comment': '(module ;; (func\r (func nop))',
  annotations: `(@top) (module $m (@name "shown") (@custom "name" "data (")
    (func $f (@b "a ) b") (@a (b) "(" ;; )
      x")"y (; ) ;) , ; [ ] { }) (param (@x) i32)
      (@metadata.code.branch_hint "\\01") (if (local.get 0) (then nop))
      ((@a) drop (@a) ((@a) local.get (@a) 0 (@a)) (@a))))`,

  'quoted identifiers': `(module (type $"a type" (func)) (global $"core::fmt::g" (mut i32) (i32.const 0))
    (func $"core::fmt::{impl#4}::f" (type $"a type") (global.set $"core::fmt::g" (global.get $"core::fmt::g")))
    (func $"\\u{66}2" (local $"x y" i32) (drop (local.get $"x y")) call $f2) (export "e" (func $"f\\32")))`,
  'all characters of identifiers':
    "(module (func $!#$%&'*+-./09:<=>?@AZ\\^_`az|~ (call $!#$%&'*+-./09:<=>?@AZ\\^_`az|~)))",
  'escapes in names': '(module (func (export "\\t\\n\\r\\"\\\'\\\\\\41\\u{1F600}é\\c3\\a9")) (func (export "")))',
  'indices in hexadecimal and with underscores':
    '(module (func) (func) (func call 0x1 call 0_1 call 0x0_0) (start 0x2))',

  'inline exports, several and with another one': `(module (export "z" (func $b)) (func $a (export "a") (export "b"))
    (memory (export "m") 1) (func $b (export "c")) (export "y" (memory 0)) (table (export "t") 1 funcref)
    (global (export "g") i32 (i32.const 1)) (tag (export "e") (param i32)))`,
  'imports of every kind': `(module (type $t (func (param i32)))
    (import "m" "f" (func $f (type $t))) (import "m" "g" (func (param i32 i64) (param $x f32) (result i32)))
    (import "m" "t" (table $t 1 2 externref)) (import "m" "m" (memory $m 1 2 shared))
    (import "m" "h" (global $g (mut i32))) (import "m" "e" (tag $e (type $t)))
    (import "m" "u" (global (ref null $t))) (func $own (call $f (i32.const 1))) (export "f" (func 0)))`,
  'inline imports': `(module (func $f (export "f") (import "m" "f") (param i32) (result i32))
    (memory $m (import "m" "m") 1) (table (import "m" "t") 1 funcref) (global $g (import "m" "g") i32)
    (tag $e (import "m" "e") (param i32)) (func $own (param i32) (drop (call $f (local.get 0)))))`,
  'a start function': '(module (start $f) (func) (func $f))',

  'types, plain and recursive': `(module (type (func)) (type $f (func (param i32) (param $x i64) (param f32 f64) (result i32 i64)))
    (rec) (rec (type $a (struct (field $x (mut i32)) (field i8 i16 (ref null $b)) (field)))
      (type $b (sub (struct (field (mut (ref null $a)))))) (type $c (sub final $b (struct (field (mut (ref null $a)))))))
    (type $s (sub $b (struct (field (mut (ref null $a))) (field i32)))) (type $arr (array (mut i8)))
    (type $g (func (param (ref $a) (ref null any) anyref) (result (ref null func))))
    (func (type $f) (local $l i32) (i32.const 1) (i64.const 2) (drop (local.get $l)) (drop (local.get 4))))`,
  'functions with types, written and implied': `(module (type $t (func (param i32 i32) (result i32)))
    (func (type $t) (local $a i64) (local i32 i32) (local.set $a (i64.const 1)) local.get 1)
    (func (type 0) (param $x i32) (param $y i32) (result i32) (local.get $y))
    (func (param) (param i32) (result) (result i64) (local) (local f32 f64) (i64.const 1))
    (func (param (ref null $t)) (local (ref null func))) (func))`,
  memories: `(module (memory $a 1) (memory 1 2) (memory i64 1) (memory i32 1 0x1_0) (memory 1 2 shared)
    (memory (data "abc" "" "d")) (memory $z i64 (data)) (memory (export "e") (data "\\00\\ff")) (memory 0 1 (pagesize 1))
    (func (drop (i32.load $a offset=0x1_0 align=2 (i32.const 0))) (i32.store8 1 (i32.const 0) (i32.const 1))
      (memory.copy $a 1 (i32.const 0) (i32.const 0) (i32.const 0)) (memory.init 1 $d (i32.const 0) (i32.const 0) (i32.const 0))
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) memory.size $a drop (data.drop $d) (drop (memory.grow $a (i32.const 1))))
    (data $d "passive") (data (i32.const 1) "x") (data (memory $a) (offset i32.const 1) "x" "y") (data $n (memory 1) (i32.const 2))
    (data 0 (i32.const 3) "z"))`,
  tables: `(module (type $t (func)) (table $a 1 funcref) (table i64 1 2 externref) (table 1 (ref null $t)) (table 2 (ref func) (ref.func $f))
    (table $b funcref (elem $f $f)) (table (ref null $t) (elem (ref.func $f) (item ref.null $t))) (table (export "t") externref (elem))
    (elem (i32.const 0) $f) (elem $p func $f 0) (elem declare func $f) (elem (table $a) (offset (i32.const 0)) func $f)
    (elem (table 0) (i32.const 0) funcref (ref.func $f) (item (ref.null func))) (elem $q externref (ref.null extern))
    (elem 0 (i32.const 0) $f $f) (elem (offset i32.const 0) $f) (elem declare (ref null $t) (item ref.func $f))
    (func $f (table.set $a (i32.const 0) (ref.func $f)) (drop (table.get (i32.const 0))) (table.init $a $p (i32.const 0) (i32.const 0) (i32.const 0))
      (table.copy $a $a (i32.const 0) (i32.const 0) (i32.const 0)) (elem.drop $p) (drop (table.size $a)) (table.fill $a (i32.const 0) (ref.null func) (i32.const 0))
      (drop (table.grow $a (ref.null nofunc) (i32.const 1))) (call_indirect $a (type $t) (i32.const 0)) (call_indirect (i32.const 0))
      (call_indirect (param i32 i64) (result f32) (i32.const 1) (i64.const 2) (i32.const 0)) drop))`,
  globals: `(module (global $a i32 (i32.const 1)) (global (mut i64) i64.const 1) (global $r (ref null func) (ref.null func))
    (global (mut (ref null extern)) ref.null extern) (global i32 (i32.add (i32.const 1) (global.get $a)))
    (func (drop (global.get $a)) (global.set 1 (i64.const 1))))`,

  'flat instructions': `(module (func $f (param $x i32) (result i32) local.get $x i32.const 1 i32.add
    block $b (result i32) i32.const 1 br $b end $b loop $l (param i32) (result i32) i32.eqz end
    if $i i32.const 1 drop else $i nop end $i i32.const 0 if end i32.const 0 if nop end drop i32.const 2))`,
  'folded instructions': `(module (func $f (param $x i32) (result i32) (block $b (block (result i32) (br 0 (i32.const 1))) (br_if $b))
    (loop $l (br_if $l (i32.eqz (local.get $x)))) (if (local.get $x) (then)) (if (local.get $x) (then) (else))
    (if $i (result i32) (i32.add (i32.const 1) (i32.const 2)) (then (i32.const 1)) (else (i32.const 2))) (drop)
    (if (then nop nop) (else (nop) nop)) (return (i32.add (local.get $x) (i32.const 1)))))`,
  'flat in folded and folded in flat': `(module (func (param i32) (result i32) (i32.add local.get 0 i32.const 1) drop
    (block local.get 0 if (nop) else (drop (i32.const 1)) end) (if (local.get 0) (then i32.const 1 drop) (else local.get 0 drop))
    local.get 0 (i32.add (i32.const 1)) (local.set 0) block (nop) (nop) end (i32.const 1)))`,
  'operands of if come before it': `(module (func (param i32) (i32.const 7) (if (param i32) (local.get 0) (nop) (then (drop)) (else (drop)))))`,
  branches: `(module (func (param i32) (block $a (block $b (br_table $a $b 0 1 $a (local.get 0)) br_table 0 local.get 0 br_if $b unreachable)))
    (func (param funcref) (block (drop (br_on_null 0 (local.get 0)))) (block (result (ref func)) (br_on_non_null 0 (local.get 0)) unreachable) drop))`,
  'numbers of all kinds': `(module (func i32.const -0x1_0 drop i64.const +9_000 drop f32.const nan:0x200000 drop f32.const -inf drop f64.const -nan drop
    f64.const 0x1.8p-3 drop f32.const 1e10 drop f64.const inf drop f32.const nan drop f64.const 6.0_2E+2_3 drop))`,
  vectors: `(module (memory 1) (func (drop (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 -15)) v128.const f64x2 nan -inf drop
    v128.const f32x4 1 nan:0x1 inf 0x1p3 (i8x16.extract_lane_u 3) drop (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (v128.const i64x2 0 1) (v128.const i32x4 0 1 2 3)))
    (drop (v128.load8_lane offset=1 align=1 2 (i32.const 0) (v128.const i16x8 0 1 2 3 4 5 6 7))) (drop (v128.load64_zero (i32.const 0)))))`,
  'select, with types and without': `(module (func (drop (select (i32.const 1) (i32.const 2) (i32.const 3))) i32.const 1 i32.const 2 i32.const 3 select drop
    (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3))) i64.const 1 i64.const 2 i32.const 3 select (result) (result i64) drop))`,
  'tests and casts': `(module (type $s (struct)) (func (param anyref) (drop (ref.test (ref $s) (local.get 0))) (drop (ref.test (ref null $s) (local.get 0)))
    (drop (ref.cast anyref (local.get 0))) local.get 0 ref.cast (ref i31) drop local.get 0 ref.test i31ref drop (drop (ref.cast (ref null any) (local.get 0)))
    (block (result (ref $s)) (br_on_cast 0 anyref (ref $s) (local.get 0)) unreachable) drop
    (block $l (result anyref) local.get 0 br_on_cast_fail $l (ref null any) (ref eq)) drop (drop (ref.null $s)) (drop (ref.null none)) (drop (ref.eq (ref.null eq) (ref.null 0)))))`,
  'structs and arrays': `(module (type $s (struct (field $x (mut i32)) (field $y i8))) (type $a (array (mut i32))) (data $d "abcd") (elem $e func)
    (func (param (ref $s)) (param (ref $a)) (struct.set $s $x (local.get 0) (struct.get_s $s $y (local.get 0))) (drop (struct.new $s (i32.const 1) (i32.const 2)))
    (drop (struct.get 0 0 (local.get 0))) (drop (array.new_fixed $a 2 (i32.const 1) (i32.const 2))) (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))
    (array.copy $a $a (local.get 1) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 0)) (drop (array.len (local.get 1))) (drop (ref.i31 (i32.const 1)))))`,
  'calls through references': `(module (type $t (func (result i32))) (func (type $t) (return_call_ref $t (ref.null $t))) (func (drop (call_ref $t (ref.func 0))))
    (func (type $t) (return_call 0)) (table 1 funcref) (func (type $t) i32.const 0 return_call_indirect (type $t)) (elem declare func 0))`,
  atomics: `(module (memory 1 1 shared) (func (atomic.fence) (drop (i32.atomic.rmw.cmpxchg offset=4 (i32.const 0) (i32.const 1) (i32.const 2)))
    i32.const 0 i32.const 0 i64.const 0 memory.atomic.wait32 drop (drop (memory.atomic.notify align=4 (i32.const 0) (i32.const 1)))))`,
  exceptions: `(module (tag $e (param i32)) (func (param exnref) (block $a (result i32) (block $b (result i32 exnref) (block $c (result exnref) (block $d
    (try_table $t (catch $e $a) (catch_ref $e $b) (catch_all $d) (catch_all_ref $c) (throw $e (i32.const 1)) nop)) unreachable) drop unreachable) drop) drop
    try_table (result i32) (catch 0 0) (catch_all 0) i32.const 1 end drop (try_table) (throw_ref (local.get 0))))`,
  'exceptions of the legacy proposal': `(module (tag $e (param i32)) (func try $t (result i32) i32.const 1 catch $e nop catch 0 catch_all rethrow $t end drop
    try try nop delegate 0 catch_all end try $x nop delegate 0))`,
  'wide arithmetic and relaxed vectors': `(module (func (param v128) (i64.add128 (i64.const 1) (i64.const 0) (i64.const 1) (i64.const 0)) drop drop
    (i64.mul_wide_u (i64.const 1) (i64.const 2)) drop drop (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0)))))`,
  'forward and backward uses': `(module (export "late" (func $late)) (start $late) (elem (table $t) (i32.const 0) func $late) (func $early call $late)
    (func $late) (table $t 1 funcref) (data (memory $m) (i32.const 0) "x") (memory $m 1) (type $t (func)) (func (type $t)))`,
  tags: '(module (type $t (func (param i32))) (tag) (tag $a (type $t)) (tag (param i32 i64)) (tag (export "e") (type 0)) (func (throw $a (i32.const 1))))',
  'everything without spaces':
    '(module(memory 1)(func(export "f")(param i32)(result i32)(i32.load(local.get 0)))(data(i32.const 0) "a"))',
  'tabs and odd line breaks': '(module\r\n\t(func\r\n\t\tnop\r\n\t\t(drop\t(i32.const\r\n1))\r\t)\n\r)\r\n',
  'text beyond ASCII': '(module (func (export "é😀") nop (; 😀 (; é ;) ;) nop) ;; 😀\n (func $"名前" call $"名前"))',
};
