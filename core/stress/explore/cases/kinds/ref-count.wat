;; 0: references (starts at 2 by init), 4: how often the object was destroyed.
(module
  (memory (import "env" "memory") 1 1 shared)
  (func (export "init") (i32.atomic.store (i32.const 0) (i32.const 2)))
  (func $destroy (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1))))
  (func (export "release")
    (if (i32.eq (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)) (i32.const 1)) (then (call $destroy))))
  ;; no single operation: two callers can both see 2, and nobody destroys
  (func (export "release_split")
    (local $n i32)
    (local.set $n (i32.sub (i32.atomic.load (i32.const 0)) (i32.const 1)))
    (i32.atomic.store (i32.const 0) (local.get $n))
    (if (i32.eqz (local.get $n)) (then (call $destroy))))
  ;; looks again after it has counted down: two callers can both see 0
  (func (export "release_looks_again")
    (drop (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)))
    (if (i32.eqz (i32.atomic.load (i32.const 0))) (then (call $destroy))))
  (func (export "destroyed") (result i32) (i32.load (i32.const 4))))
