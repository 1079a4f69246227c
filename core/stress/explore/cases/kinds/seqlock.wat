;; A sequence lock for one writer: 0 is odd while it writes 8 and 16. The data is atomic, as a correct one needs.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "write") (param i64)
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (i64.atomic.store (i32.const 8) (local.get 0))
    (i64.atomic.store (i32.const 16) (local.get 0))
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
  (func (export "read") (result i64 i64)
    (local $seq i32) (local $a i64) (local $b i64)
    (loop $again
      (local.set $seq (i32.atomic.load (i32.const 0)))
      (local.set $a (i64.atomic.load (i32.const 8)))
      (local.set $b (i64.atomic.load (i32.const 16)))
      (br_if $again (i32.and (local.get $seq) (i32.const 1)))
      (br_if $again (i32.ne (local.get $seq) (i32.atomic.load (i32.const 0)))))
    (local.get $a) (local.get $b))
  ;; never looks whether the number changed
  (func (export "read_once") (result i64 i64)
    (i64.atomic.load (i32.const 8)) (i64.atomic.load (i32.const 16)))
  ;; plain data: a race, although every torn pair is thrown away
  (func (export "read_plain") (result i64)
    (local $seq i32) (local $a i64)
    (loop $again
      (local.set $seq (i32.atomic.load (i32.const 0)))
      (local.set $a (i64.load (i32.const 8)))
      (br_if $again (i32.and (local.get $seq) (i32.const 1)))
      (br_if $again (i32.ne (local.get $seq) (i32.atomic.load (i32.const 0)))))
    (local.get $a)))
