;; Each export writes memory, yet some of them may run at the same time: "count_hits" and
;; "count_misses" write neighbouring words, "mark_low" and "mark_high" neighbouring bytes. Each still
;; conflicts with itself, and "mark_both" overlaps the two before it.

;; expect: count_hits static-memory-write
;; expect: count_misses static-memory-write
;; expect: mark_low static-memory-write
;; expect: mark_high static-memory-write
;; expect: mark_both static-memory-write
;; conflict: count_hits count_hits
;; conflict: count_misses count_misses
;; conflict: mark_low mark_low
;; conflict: mark_low mark_both
;; conflict: mark_high mark_both
;; no-conflict: count_hits count_misses
;; no-conflict: mark_low mark_high
;; no-conflict: count_hits mark_both
(module $statistics
  (memory (export "memory") 1 1)

  (func (export "count_hits") (result i32)
    (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
    (i32.load (i32.const 1024)))

  (func (export "count_misses") (result i32)
    (i32.store (i32.const 1028) (i32.add (i32.load (i32.const 1028)) (i32.const 1)))
    (i32.load (i32.const 1028)))

  (func (export "mark_low")
    (i32.store8 (i32.const 2048) (i32.add (i32.load8_u (i32.const 2048)) (i32.const 1))))

  (func (export "mark_high")
    (i32.store8 (i32.const 2049) (i32.add (i32.load8_u (i32.const 2049)) (i32.const 1))))

  (func (export "mark_both") (param $marks i32)
    (i32.store16 (i32.const 2048) (local.get $marks))))
