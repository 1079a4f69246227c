;; Nothing shared: arithmetic on parameters, recursion, a trap on division by zero.
;; Any number of goroutines may call these on one instance, each with its own function object.

;; expect: add none
;; expect: fibonacci none
;; expect: ratio none
;; no-conflict: fibonacci fibonacci
;; no-conflict: add fibonacci
;; no-conflict: ratio ratio
(module $pure
  (func (export "add") (param $a i32) (param $b i32) (result i32)
    (i32.add (local.get $a) (local.get $b)))

  (func $fibonacci (export "fibonacci") (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
          (call $fibonacci (i32.sub (local.get $n) (i32.const 2)))))))

  (func (export "ratio") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b))))
