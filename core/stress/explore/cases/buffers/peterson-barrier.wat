;; Both count themselves under Peterson's lock, then wait until both have. With store buffers the lock lets both in at once,
;; an arrival is lost, and both wait for ever.
(module
  (import "env" "memory" (memory 1 1 shared))
  (global $flagA i32 (i32.const 0))
  (global $flagB i32 (i32.const 64))
  (global $turn i32 (i32.const 128))
  (global $arrived i32 (i32.const 192))
  (func $arrive (param $mine i32) (param $other i32) (param $me i32)
    (i32.store (local.get $mine) (i32.const 1))
    (i32.store (global.get $turn) (local.get $me))
    (block $in
      (loop $again
        (br_if $in (i32.eqz (i32.load (local.get $other))))
        (br_if $in (i32.ne (i32.load (global.get $turn)) (local.get $me)))
        (br $again)))
    (i32.store (global.get $arrived) (i32.add (i32.load (global.get $arrived)) (i32.const 1)))
    (i32.store (local.get $mine) (i32.const 0))
    (loop $wait (br_if $wait (i32.lt_u (i32.load (global.get $arrived)) (i32.const 2)))))
  (func (export "a") (call $arrive (global.get $flagA) (global.get $flagB) (i32.const 1)))
  (func (export "b") (call $arrive (global.get $flagB) (global.get $flagA) (i32.const 2))))
