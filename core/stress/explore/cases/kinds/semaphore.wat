;; A counting semaphore at 0. Units are posted two at a time.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "acquire")
    (local $n i32)
    (loop $again
      (local.set $n (i32.atomic.load (i32.const 0)))
      (if (local.get $n)
        (then
          (br_if $again (i32.ne (local.get $n) (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $n) (i32.sub (local.get $n) (i32.const 1))))))
        (else
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
          (br $again)))))
  (func (export "post") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 2))) (drop (memory.atomic.notify (i32.const 0) (i32.const 2))))
  (func (export "post_one") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 2))) (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))
