;; A "lock" of a plain load and a plain store: two callers can both find it free and both enter. It
;; looks like synchronisation and is none; a shared memory and i32.atomic.rmw.cmpxchg would be.

;; expect: deposit static-memory-write
;; expect: balance memory-read
;; conflict: deposit deposit
;; conflict: deposit balance
;; no-conflict: balance balance
(module $account
  (memory (export "memory") 1 1)

  (func $lock
    (loop $spin
      (br_if $spin (i32.load (i32.const 0))))
    (i32.store (i32.const 0) (i32.const 1)))

  (func $unlock
    (i32.store (i32.const 0) (i32.const 0)))

  (func (export "deposit") (param $amount i32) (result i32)
    (local $balance i32)
    (call $lock)
    (local.set $balance (i32.add (i32.load (i32.const 64)) (local.get $amount)))
    (i32.store (i32.const 64) (local.get $balance))
    (call $unlock)
    (local.get $balance))

  (func (export "balance") (result i32)
    (i32.load (i32.const 64))))
