;; The start function looks at a plain flag: right after the first instance, wrong for two at once.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func $start
    (if (i32.eqz (i32.load (i32.const 0)))
      (then (i32.store (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 10))))))
  (start $start)
  (func (export "next") (result i32) (i32.atomic.rmw.add (i32.const 4) (i32.const 1))))
