;; A counter in a mutable global. Reading, adding and writing back are three steps, so that two
;; calls at once can count once. Reading alone is safe as long as nobody increments.

;; expect: increment global-write
;; expect: count global-read
;; conflict: increment increment
;; conflict: increment count
;; no-conflict: count count
(module $counter
  (global $count (mut i32) (i32.const 0))

  (func $add (param $n i32)
    (global.set $count (i32.add (global.get $count) (local.get $n))))

  ;; The finding shows the way to the write: increment -> $add.
  (func (export "increment") (result i32)
    (call $add (i32.const 1))
    (global.get $count))

  (func (export "count") (result i32)
    (global.get $count)))
