;; The start function clears [64, 128) through a table, at every instantiation.
(module
  (type $v (func))
  (memory (import "env" "memory") 1 1 shared)
  (table funcref (elem $clear))
  (func $clear (memory.fill (i32.const 64) (i32.const 0) (i32.const 64)))
  (func $start (call_indirect (type $v) (i32.const 0)))
  (start $start)
  (func (export "next") (result i32) (i32.atomic.rmw.add (i32.const 96) (i32.const 1)))
  (func (export "other") (result i32) (i32.atomic.rmw.add (i32.const 256) (i32.const 1))))
