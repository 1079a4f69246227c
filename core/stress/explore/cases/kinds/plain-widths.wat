;; Plain counters of unusual widths, in two memories; the second belongs to an instance.
(module
  (memory $shared (import "env" "memory") i64 1 1 shared)
  (memory $own 1)
  (func (export "bits16") (i64.store16 $shared (i64.const 6) (i64.add (i64.load16_u $shared (i64.const 6)) (i64.const 1))))
  (func (export "wide") (v128.store $shared (i64.const 32) (i32x4.add (v128.load $shared (i64.const 32)) (v128.const i32x4 1 1 1 1))))
  (func (export "float") (f64.store $shared (i64.const 64) (f64.add (f64.load $shared (i64.const 64)) (f64.const 1))))
  (func (export "lane") (v128.store8_lane $shared 0 (i64.const 80) (i8x16.add (v128.load8_splat $shared (i64.const 80)) (v128.const i32x4 0x01010101 0 0 0))))
  (func (export "own") (result i32)
    (i32.store $own (i32.const 6) (i32.add (i32.load $own (i32.const 6)) (i32.const 1)))
    (i32.load $own (i32.const 6)))
  (func (export "copy") (memory.copy $shared $own (i64.const 128) (i32.const 0) (i32.const 8)))
  (func (export "sum") (result i64) (i64.load16_u $shared (i64.const 6))))
