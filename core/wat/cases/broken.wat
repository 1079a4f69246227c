;; One mistake a function; the functions around it are whole.
(module
  (func $unknown (result i32)
    i32.cnst 1
    (i32.ad (local.get 0) (i32.const 1)))
  (func $whole1 nop)
  (func $unclosed (param $x i32)
    (drop (i32.add (local.get $x) (i32.const 1))
  (func $whole2 nop)
  (func $stray 5 "text" $name
    i32.const 1 drop] nop)
  (func $whole3 nop)
  (func $cursor (param $x i32)
    (i32.store (local.get $x) (
    (global
    (i32.)
  )
  (func $whole4 nop)
  (func $closed_twice (drop (i32.const 1))) nop)
  (func $whole5 nop)
  (func $then_missing (if (i32.const 1)))
  (func $then_twice (if (i32.const 1) (then nop) (then nop)))
  (func $empty () (()))
  (func $odd (param i32 (i32.const 1) drop)
  (func $text (drop (i32.const 1)) "never closed)
  (func $whole6 nop)
  (export "e" (func $missing))
  (export)
  (unknown field)
  (memory 1
  (func $whole7 nop)
