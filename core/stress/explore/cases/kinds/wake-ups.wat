;; Wake-ups, 64-bit waits: 0 the condition (i64), 8 another word.
(module
  (memory (import "env" "memory") 1 1 shared)
  ;; waits for what it looked at: correct
  (func (export "wait_same")
    (loop $again
      (if (i64.eqz (i64.atomic.load (i32.const 0)))
        (then (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1))) (br $again)))))
  ;; looks at one word and sleeps at another
  (func (export "wait_other")
    (if (i64.eqz (i64.atomic.load (i32.const 0)))
      (then (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))))
  ;; the same with a timeout: late, and never stuck
  (func (export "wait_for_a_while") (result i32)
    (if (result i32) (i64.eqz (i64.atomic.load (i32.const 0)))
      (then (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 1000)))
      (else (i32.const 3))))
  (func (export "signal_same")
    (i64.atomic.store (i32.const 0) (i64.const 1))
    (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
  (func (export "signal_other")
    (i64.atomic.store (i32.const 0) (i64.const 1))
    (drop (memory.atomic.notify (i32.const 8) (i32.const -1))))
  ;; tells before it has happened
  (func (export "signal_early")
    (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
    (i64.atomic.store (i32.const 0) (i64.const 1))))
