;; The counter once more, in a shared memory and with atomic instructions only: each export is one
;; indivisible step, and all of them may run at the same time.

;; expect: increment none
;; expect: count none
;; expect: reset none
;; no-conflict: increment increment
;; no-conflict: increment count
;; no-conflict: increment reset
;; no-conflict: reset reset
(module $counter
  (memory (export "memory") 1 1 shared)

  (func (export "increment") (result i32)
    (i32.add (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1)))

  (func (export "count") (result i32)
    (i32.atomic.load (i32.const 0)))

  (func (export "reset") (result i32)
    (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0))))
