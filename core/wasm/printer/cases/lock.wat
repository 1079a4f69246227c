;; A mutex on wait/notify around a counter, as people write it: folded, named.
(module
  (memory (export "memory") 1 1 shared)
  (global $depth (mut i32) (i32.const 0))
  (func $lock
    (local $c i32)
    (if (i32.eqz (local.tee $c (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
      (then (return)))
    (loop $again
      (if (i32.eqz (i32.atomic.rmw.xchg (i32.const 0) (i32.const 2)))
        (then (return)))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 2) (i64.const -1)))
      (br $again)))
  (func $unlock
    (if (i32.eq (i32.atomic.rmw.xchg (i32.const 0) (i32.const 0)) (i32.const 2))
      (then (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))))
  (func (export "inc") (param $by i32) (result i32)
    (local $r i32)
    (call $lock)
    (i32.store offset=64 (i32.const 0) (local.tee $r (i32.add (i32.load offset=64 (i32.const 0)) (local.get $by))))
    (call $unlock)
    (local.get $r)))
