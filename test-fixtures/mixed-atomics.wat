;; An atomic counter that one export reads plainly. The read is not ordered by the atomics: it may be
;; old, and a compiler may keep it in a register. Atomic instructions only help when all sides use them.

;; expect: increment none
;; expect: reset none
;; expect: peek mixed-atomics
;; conflict: increment peek
;; conflict: reset peek
;; no-conflict: increment increment
;; no-conflict: increment reset
;; no-conflict: peek peek
(module $counter
  (memory (export "memory") 1 1 shared)

  (func (export "increment") (result i32)
    (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))

  (func (export "reset")
    (i32.atomic.store (i32.const 0) (i32.const 0)))

  (func (export "peek") (result i32)
    (i32.load (i32.const 0))))
