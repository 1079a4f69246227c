;; Folded and flat instructions: ordinals are those of the binary.
(func $folded (param $x i32) (result i32)
  (block $out (result i32)
    (loop $again
      (br_if $out (local.get $x) (i32.eqz (local.get $x)))
      drop
      (br $again))
    (i32.const 1)))
(func $ifs (param $x i32)
  (if (local.get $x) (then))
  (if (i32.eqz (local.get $x)) (then nop) (else))
  (drop
    (if (result i32) (local.get $x)
      (then (i32.const 1))
      (else i32.const 2 i32.eqz)))
  local.get $x
  if $flat
    nop
  else $flat
    unreachable
  end $flat)
(func $tries
  (block $b
    (try_table (catch_all $b) (catch 0 $b)
      (nop)))
  (try (do nop) (catch 0 drop) (catch_all (rethrow 0)))
  (try (do nop) (delegate 0))
  try nop catch 0 drop catch_all nop end)
(func $variants (param anyref)
  (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))
  (drop (select (i32.const 1) (i32.const 2) (i32.const 3)))
  (drop (ref.test (ref null any) (local.get 0)))
  (drop (ref.cast (ref i31) (local.get 0)))
  (call_indirect 0 (param i32) (result i32) (i32.const 1) (i32.const 2))
  (v128.const i32x4 1 2 3 4)
  (i32.store8 offset=4 align=1 (i32.const 0) (i32.const 1)))
