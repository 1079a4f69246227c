;; The winner initialises, but an instance that comes meanwhile does not wait for it: its `get` may return 0.
(module
  (import "env" "mem" (memory 1 4 shared))
  (data $d "\2a\00\00\00")
  (func $init
    (if (i32.eqz (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))
      (then
        (memory.init $d (i32.const 4) (i32.const 0) (i32.const 4))
        (i32.atomic.store (i32.const 0) (i32.const 2)))))
  (start $init)
  (func (export "get") (result i32) (i32.load (i32.const 4))))
