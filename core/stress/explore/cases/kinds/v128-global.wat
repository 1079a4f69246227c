;; A vector in a global, of which a host may store halves.
(module
  (global $v (mut v128) (v128.const i64x2 0 0))
  (func (export "set") (param i64) (global.set $v (i64x2.splat (local.get 0))))
  (func (export "get") (result i64 i64)
    (local $x v128)
    (local.set $x (global.get $v))
    (i64x2.extract_lane 0 (local.get $x)) (i64x2.extract_lane 1 (local.get $x))))
