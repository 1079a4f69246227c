;; One-time initialisation of the pair at 16: states at 0 (0 no, 1 busy, 2 done).
(module
  (memory (import "env" "memory") 1 1 shared)
  (func $fill (i32.store (i32.const 16) (i32.const 7)) (i32.store (i32.const 20) (i32.const 42)))
  (func $sum (result i32) (i32.add (i32.load (i32.const 16)) (i32.load (i32.const 20))))
  (func (export "once") (result i32)
    (block $done (block $wait (block $init
      (br_table $init $wait $done (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
      ;; init
      (call $fill)
      (i32.atomic.store (i32.const 0) (i32.const 2))
      (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))
      (br $done))
      ;; wait
      (loop $again
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1)))
        (br_if $again (i32.ne (i32.atomic.load (i32.const 0)) (i32.const 2)))))
    (call $sum))
  ;; the same without a notification
  (func (export "once_mute") (result i32)
    (block $done (block $wait (block $init
      (br_table $init $wait $done (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1))))
      (call $fill)
      (i32.atomic.store (i32.const 0) (i32.const 2))
      (br $done))
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 1) (i64.const -1))))
    (call $sum))
  ;; says done before it is
  (func (export "once_early") (result i32)
    (if (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 2))) (then (call $fill)))
    (call $sum))
  ;; double-checked with a plain flag: right results, and a race
  (func (export "once_plain") (result i32)
    (if (i32.eqz (i32.load (i32.const 4)))
      (then (call $fill) (i32.store (i32.const 4) (i32.const 1))))
    (call $sum))
  ;; double-checked, flag atomic, lock at 8
  (func (export "once_locked") (result i32)
    (if (i32.eqz (i32.atomic.load (i32.const 4)))
      (then
        (loop $again (br_if $again (i32.atomic.rmw.xchg (i32.const 8) (i32.const 1))))
        (if (i32.eqz (i32.load (i32.const 4))) (then (call $fill) (i32.atomic.store (i32.const 4) (i32.const 1))))
        (i32.atomic.store (i32.const 8) (i32.const 0))))
    (call $sum)))
