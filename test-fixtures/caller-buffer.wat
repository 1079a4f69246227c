;; Buffers of the caller: where "fill" writes depends on its argument. Two calls with buffers apart
;; are in fact independent; the analysis cannot know the arguments and says that a conflict is
;; possible.

;; expect: fill memory-write
;; expect: checksum memory-read
;; conflict: fill fill
;; conflict: fill checksum
;; no-conflict: checksum checksum
(module $buffers
  (memory (export "memory") 1 1)

  (func (export "fill") (param $start i32) (param $length i32) (param $byte i32)
    (memory.fill (local.get $start) (local.get $byte) (local.get $length)))

  (func (export "checksum") (param $start i32) (param $length i32) (result i32)
    (local $sum i32)
    (if (local.get $length)
      (then
        (loop $next
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $start))))
          (local.set $start (i32.add (local.get $start) (i32.const 1)))
          (br_if $next (local.tee $length (i32.sub (local.get $length) (i32.const 1)))))))
    (local.get $sum)))
