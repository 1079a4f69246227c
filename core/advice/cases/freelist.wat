;; An allocator without locks: a free list whose blocks are [next, size]. Two callers that pop the same block and both free
;; it leave a block that leads to itself; a search for a larger block then never ends.
(module
  (memory (export "memory") 1)
  (global $head (mut i32) (i32.const 64))
  (data (i32.const 64) "\00\00\00\00\08\00\00\00")
  (func (export "malloc") (param $size i32) (result i32) (local $at i32)
    (local.set $at (global.get $head))
    (block $none
      (loop $next
        (br_if $none (i32.eqz (local.get $at)))
        (if (i32.ge_u (i32.load offset=4 (local.get $at)) (local.get $size))
          (then (global.set $head (i32.load (local.get $at))) (return (local.get $at))))
        (local.set $at (i32.load (local.get $at)))
        (br $next)))
    (i32.const 0))
  (func (export "free") (param $at i32)
    (if (local.get $at)
      (then (i32.store (local.get $at) (global.get $head)) (global.set $head (local.get $at))))))
