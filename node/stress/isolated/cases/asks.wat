;; What a scenario's own module of imports does, it does in the middle of a call.
(module
  (import "env" "f" (func $f))
  (global $g (mut i32) (i32.const 0))
  (func (export "go")
    (global.set $g (i32.const 1))
    (call $f)
    (global.set $g (i32.const 2))))
