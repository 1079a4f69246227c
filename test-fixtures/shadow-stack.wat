;; What LLVM makes of functions with arrays or address-taken variables: frames in linear memory,
;; below a global stack pointer. An instance has one such stack, so that it serves one call at a time,
;; even where the exports have nothing else in common.

;; expect: sum_of_squares stack-pointer
;; expect: norm_at_least stack-pointer
;; expect: swap_halves stack-pointer
;; expect: square none
;; conflict: sum_of_squares sum_of_squares
;; conflict: sum_of_squares norm_at_least
;; conflict: sum_of_squares swap_halves
;; conflict: norm_at_least norm_at_least
;; conflict: norm_at_least swap_halves
;; conflict: swap_halves swap_halves
;; no-conflict: square square
;; no-conflict: square sum_of_squares
(module $vectors
  (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536))

  (func $sum_of_squares (export "sum_of_squares") (param $x i32) (param $y i32) (result i32)
    (local $frame i32) (local $sum i32)
    (global.set $__stack_pointer
      (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (i32.store offset=8 (local.get $frame) (i32.mul (local.get $x) (local.get $x)))
    (i32.store offset=12 (local.get $frame) (i32.mul (local.get $y) (local.get $y)))
    (local.set $sum
      (i32.add (i32.load offset=8 (local.get $frame)) (i32.load offset=12 (local.get $frame))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))
    (local.get $sum))

  ;; Uses the stack only through its callee.
  (func (export "norm_at_least") (param $x i32) (param $y i32) (param $bound i32) (result i32)
    (i32.ge_u
      (call $sum_of_squares (local.get $x) (local.get $y))
      (i32.mul (local.get $bound) (local.get $bound))))

  ;; A leaf function: it takes its frame below the stack pointer without moving it.
  (func (export "swap_halves") (param $word i32) (result i32)
    (local $frame i32)
    (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 16)))
    (i32.store16 offset=12 (local.get $frame) (i32.shr_u (local.get $word) (i32.const 16)))
    (i32.store16 offset=14 (local.get $frame) (local.get $word))
    (i32.load offset=12 (local.get $frame)))

  (func (export "square") (param $x i32) (result i32)
    (i32.mul (local.get $x) (local.get $x))))
