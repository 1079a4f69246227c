;; begin, step and finish of a request belong together; the context is a global and a slot of memory.
(module
  (memory (export "memory") 1)
  (global $current (mut i32) (i32.const 0))
  (func (export "begin") (param i32) (global.set $current (local.get 0)))
  (func (export "step") (i32.store offset=64 (i32.shl (global.get $current) (i32.const 2)) (global.get $current)))
  (func (export "finish") (result i32) (i32.load offset=64 (i32.shl (global.get $current) (i32.const 2)))))
