(module (global $n (mut i32) (i32.const 0))
  (global $m (mut i32) (i32.const 0))
  (func (export "bump") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "quiet") (global.set $m (i32.const 1)))) ;; wasm-hazards-ignore
