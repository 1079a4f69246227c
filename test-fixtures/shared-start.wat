;; The memory is shared and imported, so that every thread can have an instance over it. But the start
;; function runs in each of them: it writes the initial value over what the others have changed.
;; Linkers guard such initialisation with a compare-exchange, so that one thread alone does it.

;; expect-module: start-writes-shared-memory
;; expect: next_number none
;; no-conflict: next_number next_number
(module $numbers
  (import "env" "memory" (memory 1 1 shared))

  (func $set_up
    (i32.store (i32.const 0) (i32.const 100)))
  (start $set_up)

  (func (export "next_number") (result i32)
    (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
