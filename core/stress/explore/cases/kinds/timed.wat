;; Two waits that may run out in either order, and marks of who came first: 8 counts.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "late") (param $at i32) (result i32)
    (drop (memory.atomic.wait32 (local.get $at) (i32.const 0) (i64.const 5)))
    (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
  (func (export "wake") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 1))))
