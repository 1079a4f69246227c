;; Two locks that two exports take in opposite orders: each can hold what the other one waits for.
(module
  (memory (export "memory") 1 1 shared)

  (func $lock (param $address i32)
    (loop $again
      (br_if $again (i32.atomic.rmw.cmpxchg (local.get $address) (i32.const 0) (i32.const 1)))))

  (func $unlock (param $address i32)
    (i32.atomic.store (local.get $address) (i32.const 0)))

  (func (export "transfer")
    (call $lock (i32.const 0))
    (call $lock (i32.const 4))
    (call $unlock (i32.const 4))
    (call $unlock (i32.const 0)))

  (func (export "refund")
    (call $lock (i32.const 4))
    (call $lock (i32.const 0))
    (call $unlock (i32.const 0))
    (call $unlock (i32.const 4))))
