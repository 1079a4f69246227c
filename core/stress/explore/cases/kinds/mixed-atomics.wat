;; Atomics of two widths at addresses that the caller gives: they overlap, and are not ordered by each other.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "low") (param i32) (drop (i32.atomic.rmw8.add_u (local.get 0) (i32.const 1))))
  (func (export "whole") (param i32) (result i64) (i64.atomic.rmw.add (local.get 0) (i64.const 256)))
  (func (export "same") (param i32) (drop (i64.atomic.rmw.add (local.get 0) (i64.const 1)))))
