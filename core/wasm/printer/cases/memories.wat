;; Memory64, several memories, page sizes, threads, vectors, wide arithmetic, all kinds of constants.
(module
  (import "env" "shared" (memory i64 1 2 shared))
  (memory $m i64 1 2)
  (memory 1 (pagesize 1))
  (memory $second 0)
  (export "m" (memory $m))
  (export "again" (memory $m))
  (export "" (memory 3))
  (data $d (i64.const 0) "abc")
  (func
    i32.load offset=4 align=1
    i32.load $m offset=4 align=1
    i64.load offset=0xffffffffffffffff
    i64.store32 2 offset=1
    i64.atomic.rmw32.cmpxchg_u 2 offset=8
    i32.atomic.load
    atomic.fence
    memory.atomic.notify offset=4
    memory.atomic.wait64 $second
    v128.load8_lane offset=3 15
    v128.store64_lane $m align=1 1
    v128.load32x2_s
    i8x16.extract_lane_s 15
    i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
    i8x16.relaxed_swizzle
    v128.const i32x4 1 2 3 -4
    memory.init $m $d memory.init $d data.drop $d
    memory.copy memory.copy $m $second memory.copy 0 $m memory.fill memory.fill $m
    memory.size memory.size $m memory.grow memory.grow $second
    i64.add128 i64.mul_wide_u)
  (func
    f32.const nan f32.const -nan f32.const nan:0x200000 f32.const -nan:0x1 f32.const inf f32.const -inf
    f32.const 0 f32.const -0 f32.const 0.1 f32.const 16777216 f32.const 3.4028235e38 f32.const 1e-45 f32.const 1e10
    f64.const nan f64.const -nan f64.const nan:0x123456789abcd f64.const inf f64.const -inf f64.const -0
    f64.const 5e-324 f64.const 1.7976931348623157e308 f64.const 0.1 f64.const 1e21 f64.const -0x1.8p+3
    i32.const -2147483648 i32.const 2147483647 i32.const -1
    i64.const -9223372036854775808 i64.const 9223372036854775807 i64.const 0 i64.const -64 i64.const 63))
