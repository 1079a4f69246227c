;; The memory is shared and imported, so that every thread can have an instance over it. But the data
;; segment is active: each new instance writes the initial values over what the others have changed.
;; Linkers make such segments passive and let one thread copy them.

;; expect-module: active-segment-shared-memory
;; expect: next_number none
;; no-conflict: next_number next_number
(module $numbers
  (import "env" "memory" (memory 1 1 shared))
  (data (i32.const 0) "\64\00\00\00")

  (func (export "next_number") (result i32)
    (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
