;; The same in atomics of a shared memory: correct call by call only.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "begin") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))
  (func (export "finish") (result i32) (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0))))
