;; The start function takes a stack for its instance from an atomic counter at 0.
(module
  (memory (import "env" "memory") 4 4 shared)
  (global $__stack_pointer (mut i32) (i32.const 0))
  (func $start (global.set $__stack_pointer (i32.add (i32.const 131072) (i32.shl (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 12)))))
  (start $start)
  (func (export "square") (param i32) (result i32)
    (local $sp i32) (local $r i32)
    (global.set $__stack_pointer (local.tee $sp (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (i32.store offset=8 (local.get $sp) (local.get 0))
    (local.set $r (i32.mul (i32.load offset=8 (local.get $sp)) (i32.load offset=8 (local.get $sp))))
    (global.set $__stack_pointer (i32.add (local.get $sp) (i32.const 16)))
    (local.get $r)))
