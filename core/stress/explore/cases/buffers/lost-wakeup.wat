;; A waiter announces itself by a plain store and looks again; who sets the word looks for waiters. With store buffers both
;; can read too early, and nobody notifies the waiter.
(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "take") (result i32)
    (i32.store (i32.const 64) (i32.const 1))
    (if (i32.eqz (i32.load (i32.const 0)))
      (then (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))))
    (i32.load (i32.const 0)))
  (func (export "give")
    (i32.store (i32.const 0) (i32.const 1))
    (if (i32.load (i32.const 64))
      (then
        (i32.atomic.store (i32.const 128) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 128) (i32.const -1)))))))
