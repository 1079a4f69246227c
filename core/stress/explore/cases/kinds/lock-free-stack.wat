;; A stack of nodes 1..3 without a lock and without a version: 0 head, 4n next of node n. Every access is atomic.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "init")
    (i32.atomic.store (i32.const 4) (i32.const 2))
    (i32.atomic.store (i32.const 8) (i32.const 3))
    (i32.atomic.store (i32.const 0) (i32.const 1)))
  (func $pop (export "pop") (result i32)
    (local $top i32)
    (loop $again
      (if (i32.eqz (local.tee $top (i32.atomic.load (i32.const 0)))) (then (return (i32.const 0))))
      (br_if $again
        (i32.ne (local.get $top)
          (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $top)
            (i32.atomic.load (i32.shl (local.get $top) (i32.const 2)))))))
    (local.get $top))
  (func $push (export "push") (param $n i32)
    (local $top i32)
    (loop $again
      (local.set $top (i32.atomic.load (i32.const 0)))
      (i32.atomic.store (i32.shl (local.get $n) (i32.const 2)) (local.get $top))
      (br_if $again (i32.ne (local.get $top) (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $top) (local.get $n)))))))
