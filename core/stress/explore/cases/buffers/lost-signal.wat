;; As lost-wakeup.wat, with a loop in place of the wait: with store buffers both can read too early, and nobody sets the
;; signal.
(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "take") (result i32)
    (i32.store (i32.const 64) (i32.const 1))
    (if (i32.eqz (i32.load (i32.const 0)))
      (then (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 128)))))))
    (i32.load (i32.const 0)))
  (func (export "give")
    (i32.store (i32.const 0) (i32.const 1))
    (if (i32.load (i32.const 64))
      (then (i32.atomic.store (i32.const 128) (i32.const 1))))))
