;; No memory.grow anywhere, and yet the memory can grow: it has no maximum, the host has it, and
;; "reserve" asks the host for more. Modules made by Emscripten work this way.

;; expect-module: growable-memory
;; expect: reserve host-call
;; expect: first_word none
;; conflict: reserve reserve
;; no-conflict: first_word first_word
(module $heap
  (import "env" "resize_heap" (func $resize_heap (param i32) (result i32)))
  (memory (export "memory") 1)

  (func (export "reserve") (param $bytes i32) (result i32)
    (call $resize_heap (local.get $bytes)))

  (func (export "first_word") (result i32)
    (i32.load (i32.const 0))))
