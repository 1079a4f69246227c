(module
  ;; wasm-hazards-ignore growable-memory -- the host never grows it
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 0))
  (func (export "increment")
    (global.set $count ;; wasm-hazards-ignore global-write -- calls are counted, not summed
      (i32.add (global.get $count) (i32.const 1))))
  ;; wasm-hazards-ignore memory-write, no-such-rule
  (func (export "count") (result i32)
    global.get $count))
