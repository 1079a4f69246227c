;; The same counter at a fixed address of linear memory, as a C "static int" is compiled.

;; expect: increment static-memory-write
;; expect: count memory-read
;; conflict: increment increment
;; conflict: increment count
;; no-conflict: count count
(module $counter
  (memory (export "memory") 1 1)

  (func (export "increment") (result i32)
    (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
    (i32.load (i32.const 1024)))

  (func (export "count") (result i32)
    (i32.load (i32.const 1024))))
