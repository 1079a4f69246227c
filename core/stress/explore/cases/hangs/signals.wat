;; Waiters and those who wake them, right and wrong.
(module
  (memory (export "memory") 1 1 shared)
  ;; 0 ready, 4 event, 8 semaphore, 16 event of 64 bits, 32 lock, 36 condition, 40 value, 48 latch, 52 flag, 56 other flag

  ;; nothing but a wait, and a notification that nothing remembers
  (func (export "sleep") (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))))
  (func (export "wake") (drop (memory.atomic.notify (i32.const 4) (i32.const 1))))
  (func (export "sleep64") (drop (memory.atomic.wait64 (i32.const 16) (i64.const 0) (i64.const -1))))
  (func (export "wake64") (drop (memory.atomic.notify (i32.const 16) (i32.const -1))))
  ;; the address is a parameter
  (func (export "wake_at") (param $a i32) (drop (memory.atomic.notify (local.get $a) (i32.const 1))))

  ;; a flag of 64 bits that is checked by the wait itself: right
  (func (export "await64")
    (loop $l
      (if (i64.eqz (i64.atomic.load (i32.const 16)))
        (then (drop (memory.atomic.wait64 (i32.const 16) (i64.const 0) (i64.const -1))) (br $l)))))
  (func (export "set64")
    (i64.atomic.store (i32.const 16) (i64.const 1))
    (drop (memory.atomic.notify (i32.const 16) (i32.const -1))))
  ;; notifies before it sets
  (func (export "early64")
    (drop (memory.atomic.notify (i32.const 16) (i32.const -1)))
    (i64.atomic.store (i32.const 16) (i64.const 1)))
  ;; sets and does not notify
  (func (export "silent64") (i64.atomic.store (i32.const 16) (i64.const 1)))

  ;; semaphore
  (func (export "give") (param $n i32)
    (drop (i32.atomic.rmw.add (i32.const 8) (local.get $n)))
    (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))
  (func (export "take") (local $v i32)
    (loop $l
      (local.set $v (i32.atomic.load (i32.const 8)))
      (if (i32.eqz (local.get $v))
        (then (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))) (br $l)))
      (br_if $l (i32.ne
        (i32.atomic.rmw.cmpxchg (i32.const 8) (local.get $v) (i32.sub (local.get $v) (i32.const 1)))
        (local.get $v)))))

  ;; condition variable: a lock at 32, its sequence at 36, the condition is a value at 40
  (func $lock
    (loop $l
      (if (i32.atomic.rmw.cmpxchg (i32.const 32) (i32.const 0) (i32.const 1))
        (then (drop (memory.atomic.wait32 (i32.const 32) (i32.const 1) (i64.const -1))) (br $l)))))
  (func $unlock
    (i32.atomic.store (i32.const 32) (i32.const 0))
    (drop (memory.atomic.notify (i32.const 32) (i32.const 1))))
  (func (export "until") (local $seq i32)
    (call $lock)
    (loop $l
      (if (i32.eqz (i32.load (i32.const 40)))
        (then
          (local.set $seq (i32.atomic.load (i32.const 36)))
          (call $unlock)
          (drop (memory.atomic.wait32 (i32.const 36) (local.get $seq) (i64.const -1)))
          (call $lock)
          (br $l))))
    (call $unlock))
  ;; reads the sequence after the lock was released
  (func (export "until_late")
    (call $lock)
    (loop $l
      (if (i32.eqz (i32.load (i32.const 40)))
        (then
          (call $unlock)
          (drop (memory.atomic.wait32 (i32.const 36) (i32.atomic.load (i32.const 36)) (i64.const -1)))
          (call $lock)
          (br $l))))
    (call $unlock))
  ;; keeps the lock while it waits
  (func (export "until_locked")
    (call $lock)
    (loop $l
      (if (i32.eqz (i32.load (i32.const 40)))
        (then
          (drop (memory.atomic.wait32 (i32.const 36) (i32.atomic.load (i32.const 36)) (i64.const -1)))
          (br $l))))
    (call $unlock))
  (func $announce (param $count i32)
    (call $lock)
    (i32.store (i32.const 40) (i32.const 1))
    (call $unlock)
    (drop (i32.atomic.rmw.add (i32.const 36) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 36) (local.get $count))))
  (func (export "signal") (call $announce (i32.const 1)))
  (func (export "broadcast") (call $announce (i32.const -1)))

  ;; latch
  (func (export "latch") (param $n i32) (i32.atomic.store (i32.const 48) (local.get $n)))
  (func (export "down")
    (if (i32.eq (i32.atomic.rmw.sub (i32.const 48) (i32.const 1)) (i32.const 1))
      (then (drop (memory.atomic.notify (i32.const 48) (i32.const -1))))))
  (func (export "opened") (local $v i32)
    (loop $l
      (local.set $v (i32.atomic.load (i32.const 48)))
      (if (local.get $v)
        (then (drop (memory.atomic.wait32 (i32.const 48) (local.get $v) (i64.const -1))) (br $l)))))

  ;; barrier for two that waits for its own counter to become zero: not for use twice
  (func (export "meet") (local $v i32)
    (if (i32.eq (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1))
      (then
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
      (else
        (loop $l
          (local.set $v (i32.atomic.load (i32.const 0)))
          (if (local.get $v)
            (then (drop (memory.atomic.wait32 (i32.const 0) (local.get $v) (i64.const -1))) (br $l)))))))

  ;; the same with a counter that is not atomic, and an event at 64
  (func (export "meet_plain")
    (i32.store (i32.const 60) (i32.add (i32.load (i32.const 60)) (i32.const 1)))
    (if (i32.eq (i32.load (i32.const 60)) (i32.const 2))
      (then
        (i32.atomic.store (i32.const 64) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 64) (i32.const -1))))
      (else (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))))

  ;; loops
  (func (export "spin") (loop $l (br_if $l (i32.eqz (i32.atomic.load (i32.const 52))))))
  (func (export "flag") (i32.atomic.store (i32.const 52) (i32.const 1)))
  ;; takes the flag down again
  (func (export "blink") (i32.atomic.store (i32.const 52) (i32.const 1)) (i32.atomic.store (i32.const 52) (i32.const 0)))
  (func (export "forever") (loop $l (br $l)))
  ;; loops if it meets the middle of `blink`
  (func (export "caught") (if (i32.atomic.load (i32.const 52)) (then (loop $l (br $l)))))
  ;; each waits for the flag of the other before it raises its own
  (func (export "first")
    (loop $l
      (if (i32.eqz (i32.atomic.load (i32.const 56)))
        (then (drop (memory.atomic.wait32 (i32.const 56) (i32.const 0) (i64.const -1))) (br $l))))
    (i32.atomic.store (i32.const 52) (i32.const 1)) (drop (memory.atomic.notify (i32.const 52) (i32.const -1))))
  (func (export "second")
    (loop $l
      (if (i32.eqz (i32.atomic.load (i32.const 52)))
        (then (drop (memory.atomic.wait32 (i32.const 52) (i32.const 0) (i64.const -1))) (br $l))))
    (i32.atomic.store (i32.const 56) (i32.const 1)) (drop (memory.atomic.notify (i32.const 56) (i32.const -1)))))
