;; A lock for readers and a writer at 0: the number of readers, or -1 while somebody writes. 8 and 12 are equal outside of the lock.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func $read_lock
    (local $n i32)
    (loop $again
      (local.set $n (i32.atomic.load (i32.const 0)))
      (br_if $again (i32.lt_s (local.get $n) (i32.const 0)))
      (br_if $again (i32.ne (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $n) (i32.add (local.get $n) (i32.const 1))) (local.get $n)))))
  (func $write_lock
    (loop $again
      (br_if $again (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const -1)))))
  (func $pair (result i32 i32) (i32.load (i32.const 8)) (i32.load (i32.const 12)))
  (func $put (param i32)
    (i32.store (i32.const 8) (local.get 0))
    (i32.store (i32.const 12) (local.get 0)))
  (func (export "get") (result i32 i32)
    (call $read_lock)
    (call $pair)
    (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1))))
  (func (export "set") (param i32)
    (call $write_lock)
    (call $put (local.get 0))
    (i32.atomic.store (i32.const 0) (i32.const 0)))
  ;; enters beside readers: takes the lock whatever it holds
  (func (export "set_unchecked") (param i32)
    (drop (i32.atomic.rmw.xchg (i32.const 0) (i32.const -1)))
    (call $put (local.get 0))
    (i32.atomic.store (i32.const 0) (i32.const 0))))
