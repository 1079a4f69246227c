;; Modules of a script; what only asserts is passed over.
(module $a (func (export "f") (result i32) (i32.const 1)))
(register "a" $a)
(assert_return (invoke "f") (i32.const 1))
(assert_invalid
  (module (func (result i32)))
  "type mismatch")
(module binary "\00asm" "\01\00\00\00")
(module $q quote "(func)")
(module definition $d (memory 1))
(module instance $i $d)
(thread $t (shared (module $a))
  (register "a" $a)
  (module (import "a" "f" (func $f (result i32))) (func (drop (call $f))))
)
(assert_trap (module (func unreachable) (start 0)) "unreachable")
(component)
(wait $t)
(module
  ;; wasm-hazards-ignore global-write, memory-grow -- single-threaded here
  (global $g (mut i32) (i32.const 0)) ;; wasm-hazards-ignore
  (func (export "g") (global.set $g (i32.const 1)))) ;;; wasm-hazards-ignore  global-write
