;; An allocator in memory and a function that takes and gives text: pointer in the high, length in the low half.
;; `greet` puts the text together in a buffer of its own and then copies it to a new block.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 4096))
  (data (i32.const 16) "Hello, ")
  (func $malloc (export "malloc") (param $n i32) (result i32)
    (local $p i32)
    (local.set $p (global.get $next))
    (global.set $next (i32.add (local.get $p) (i32.and (i32.add (local.get $n) (i32.const 7)) (i32.const -8))))
    (local.get $p))
  (func (export "free") (param i32 i32))
  (func (export "greet") (param $p i32) (param $n i32) (result i64)
    (local $r i32)
    (memory.copy (i32.const 1024) (i32.const 16) (i32.const 7))
    (memory.copy (i32.const 1031) (local.get $p) (local.get $n))
    (local.set $r (call $malloc (i32.add (local.get $n) (i32.const 7))))
    (memory.copy (local.get $r) (i32.const 1024) (i32.add (local.get $n) (i32.const 7)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $r)) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get $n) (i32.const 7))))))
