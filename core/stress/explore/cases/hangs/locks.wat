;; Locks of several makes at an address; each export takes some and releases them, unless it says otherwise.
(module
  (memory (export "memory") 1 1 shared)
  ;; a word that spins: 0 free, 1 taken
  (func $spin_lock (param $a i32)
    (loop $l (br_if $l (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 0) (i32.const 1)))))
  (func $spin_unlock (param $a i32) (i32.atomic.store (local.get $a) (i32.const 0)))
  ;; a word that sleeps: 0 free, 1 taken
  (func $lock (param $a i32)
    (loop $l
      (if (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 0) (i32.const 1))
        (then
          (drop (memory.atomic.wait32 (local.get $a) (i32.const 1) (i64.const -1)))
          (br $l)))))
  (func $unlock (param $a i32)
    (i32.atomic.store (local.get $a) (i32.const 0))
    (drop (memory.atomic.notify (local.get $a) (i32.const 1))))
  ;; 0 free, 1 taken, 2 taken with waiters (Drepper)
  (func $lock3 (param $a i32) (local $c i32)
    (local.set $c (i32.atomic.rmw.cmpxchg (local.get $a) (i32.const 0) (i32.const 1)))
    (block $done
      (br_if $done (i32.eqz (local.get $c)))
      (if (i32.ne (local.get $c) (i32.const 2))
        (then (local.set $c (i32.atomic.rmw.xchg (local.get $a) (i32.const 2)))))
      (loop $l
        (br_if $done (i32.eqz (local.get $c)))
        (drop (memory.atomic.wait32 (local.get $a) (i32.const 2) (i64.const -1)))
        (local.set $c (i32.atomic.rmw.xchg (local.get $a) (i32.const 2)))
        (br $l))))
  (func $unlock3 (param $a i32)
    (if (i32.ne (i32.atomic.rmw.sub (local.get $a) (i32.const 1)) (i32.const 1))
      (then
        (i32.atomic.store (local.get $a) (i32.const 0))
        (drop (memory.atomic.notify (local.get $a) (i32.const 1))))))
  ;; 64 bits wide, with xchg
  (func $lock64 (param $a i32)
    (loop $l
      (if (i64.ne (i64.atomic.rmw.xchg (local.get $a) (i64.const 1)) (i64.const 0))
        (then
          (drop (memory.atomic.wait64 (local.get $a) (i64.const 1) (i64.const -1)))
          (br $l)))))
  (func $unlock64 (param $a i32)
    (i64.atomic.store (local.get $a) (i64.const 0))
    (drop (memory.atomic.notify (local.get $a) (i32.const -1))))
  ;; tickets: the next one at the address, the one that is served 4 bytes behind it
  (func $ticket_lock (param $a i32) (local $t i32)
    (local.set $t (i32.atomic.rmw.add (local.get $a) (i32.const 1)))
    (loop $l (br_if $l (i32.ne (i32.atomic.load offset=4 (local.get $a)) (local.get $t)))))
  (func $ticket_unlock (param $a i32)
    (i32.atomic.store offset=4 (local.get $a)
      (i32.add (i32.atomic.load offset=4 (local.get $a)) (i32.const 1))))
  ;; readers count up, a writer is -1
  (func $read_lock (param $a i32) (local $v i32)
    (loop $l
      (local.set $v (i32.atomic.load (local.get $a)))
      (if (i32.lt_s (local.get $v) (i32.const 0))
        (then
          (drop (memory.atomic.wait32 (local.get $a) (local.get $v) (i64.const -1)))
          (br $l)))
      (br_if $l (i32.ne
        (i32.atomic.rmw.cmpxchg (local.get $a) (local.get $v) (i32.add (local.get $v) (i32.const 1)))
        (local.get $v)))))
  (func $read_unlock (param $a i32)
    (drop (i32.atomic.rmw.sub (local.get $a) (i32.const 1)))
    (drop (memory.atomic.notify (local.get $a) (i32.const -1))))
  (func $write_lock (param $a i32) (param $readers i32) (local $v i32)
    (loop $l
      (local.set $v (i32.atomic.rmw.cmpxchg (local.get $a) (local.get $readers) (i32.const -1)))
      (if (i32.ne (local.get $v) (local.get $readers))
        (then
          (drop (memory.atomic.wait32 (local.get $a) (local.get $v) (i64.const -1)))
          (br $l)))))
  (func $write_unlock (param $a i32)
    (i32.atomic.store (local.get $a) (i32.const 0))
    (drop (memory.atomic.notify (local.get $a) (i32.const -1))))

  (func (export "one") (param $a i32) (call $lock (local.get $a)) (call $unlock (local.get $a)))
  (func (export "spin") (param $a i32) (param $b i32)
    (call $spin_lock (local.get $a)) (call $spin_lock (local.get $b))
    (call $spin_unlock (local.get $b)) (call $spin_unlock (local.get $a)))
  (func (export "sleep") (param $a i32) (param $b i32)
    (call $lock (local.get $a)) (call $lock (local.get $b))
    (call $unlock (local.get $b)) (call $unlock (local.get $a)))
  (func (export "sleep3") (param $a i32) (param $b i32)
    (call $lock3 (local.get $a)) (call $lock3 (local.get $b))
    (call $unlock3 (local.get $b)) (call $unlock3 (local.get $a)))
  (func (export "sleep64") (param $a i32) (param $b i32)
    (call $lock64 (local.get $a)) (call $lock64 (local.get $b))
    (call $unlock64 (local.get $b)) (call $unlock64 (local.get $a)))
  (func (export "ticket") (param $a i32) (param $b i32)
    (call $ticket_lock (local.get $a)) (call $ticket_lock (local.get $b))
    (call $ticket_unlock (local.get $b)) (call $ticket_unlock (local.get $a)))
  (func (export "read_write") (param $a i32) (param $b i32)
    (call $read_lock (local.get $a)) (call $write_lock (local.get $b) (i32.const 0))
    (call $write_unlock (local.get $b)) (call $read_unlock (local.get $a)))
  ;; becomes the writer while it reads
  (func (export "upgrade") (param $a i32)
    (call $read_lock (local.get $a)) (call $write_lock (local.get $a) (i32.const 1))
    (call $write_unlock (local.get $a)))
  ;; takes it twice
  (func (export "twice") (param $a i32)
    (call $lock (local.get $a)) (call $lock (local.get $a)) (call $unlock (local.get $a)))
  ;; never releases it
  (func (export "keep") (param $a i32) (call $lock (local.get $a)))
  (func (export "trap") (param $a i32) (call $lock (local.get $a)) unreachable))
