(module (memory 32767)
  (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 2147000000)))
  (func (export "g") (result i32) (i32.load (i32.const 100))))
