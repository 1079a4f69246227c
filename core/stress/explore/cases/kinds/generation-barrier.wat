;; A barrier for rounds, in a 64-bit memory: 0 who must come, 4 who has come, 8 generation (i64). The last one opens it.
(module
  (memory (import "env" "memory") i64 1 1 shared)
  (func (export "init") (param i32) (i32.store (i64.const 0) (local.get 0)))
  (func $arrive (param $count i32)
    (local $generation i64)
    (local.set $generation (i64.atomic.load offset=8 (i64.const 0)))
    (if (i32.eq (i32.add (i32.atomic.rmw.add (i64.const 4) (i32.const 1)) (i32.const 1)) (i32.load (i64.const 0)))
      (then
        (i32.atomic.store (i64.const 4) (i32.const 0))
        (drop (i64.atomic.rmw.add offset=8 (i64.const 0) (i64.const 1)))
        (drop (memory.atomic.notify offset=8 (i64.const 0) (local.get $count))))
      (else
        (loop $again
          (if (i64.eq (i64.atomic.load offset=8 (i64.const 0)) (local.get $generation))
            (then
              (drop (memory.atomic.wait64 offset=8 (i64.const 0) (local.get $generation) (i64.const -1)))
              (br $again)))))))
  (func (export "arrive") (call $arrive (i32.const -1)))
  (func (export "arrive_one") (call $arrive (i32.const 1)))
  ;; leaves a mark before, and sums the marks after: 16.. one word a caller
  (func (export "phase") (param $i i32) (result i32)
    (i32.store offset=16 (i64.extend_i32_u (i32.shl (local.get $i) (i32.const 2))) (i32.const 1))
    (call $arrive (i32.const -1))
    (i32.add (i32.load offset=16 (i64.const 0)) (i32.load offset=20 (i64.const 0)))))
