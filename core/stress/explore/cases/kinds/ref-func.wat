;; ref.func in one export, reached by a call; the other never executes it.
(module
  (table $t 2 2 funcref)
  (elem declare func $one)
  (func $one (result i32) (i32.const 1))
  (func $make (result funcref) (ref.func $one))
  (func (export "is_null") (result i32) (ref.is_null (call $make)))
  (func (export "other") (result i32) (i32.const 5)))
