;; The start function fills a table of squares and marks it as ready. It runs once, when the module
;; is instantiated, before anybody can call an export: what it writes is constant afterwards, and
;; reading it is safe.

;; expect: square_of none
;; expect: is_ready none
;; no-conflict: square_of square_of
;; no-conflict: square_of is_ready
;; no-conflict: is_ready is_ready
(module $squares
  (memory 1 1)
  (global $ready (mut i32) (i32.const 0))

  (func $fill
    (local $n i32)
    (loop $next
      (i32.store (i32.shl (local.get $n) (i32.const 2)) (i32.mul (local.get $n) (local.get $n)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $n) (i32.const 256))))
    (global.set $ready (i32.const 1)))
  (start $fill)

  (func (export "square_of") (param $n i32) (result i32)
    (i32.load (i32.shl (i32.and (local.get $n) (i32.const 255)) (i32.const 2))))

  (func (export "is_ready") (result i32)
    (global.get $ready)))
