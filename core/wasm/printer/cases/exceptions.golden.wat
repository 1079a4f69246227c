(module
  (export "own" (tag $own))
  (type $payload (;0;) (func (param i32)))
  (type $pair (;1;) (func (param i32) (result i32 i64)))
  (type (;2;) (func (param i64)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func (param exnref)))
  (type (;5;) (func (result i32 exnref)))
  (import "env" "thrown" (tag $thrown (;0;) (type $payload) (param i32)))
  (tag $own (;1;) (type $payload) (param i32))
  (tag (;2;) (type 2) (param i64))
  (func $legacy (;0;) (type 3) (param $p i32) (result i32)
    (local $x i32)
    try $l (result i32)
      local.get $p
      throw $own
    catch $thrown
      rethrow $l
    catch 2
      drop
      i32.const 1
    catch_all
      rethrow $l
    end
    try ;; label = @1
      block $inner
        try ;; label = @3
          call $legacy
        delegate $inner
        try ;; label = @3
          br 0 (;@3;)
        delegate 1 (;@1;)
        try ;; label = @3
        delegate 2
      end
    delegate 0
  )
  (func $current (;1;) (type 4) (param exnref)
    block $out (type 5) (result i32 exnref)
      try_table $try (result i32) (catch $thrown $out) (catch_ref $thrown $out) (catch_all 1) (catch_all_ref $out)
        br $try
        i32.const 0
        throw $thrown
      end
      try_table (catch_all $out) ;; label = @2
        local.get 0
        throw_ref
      end
    end
    unreachable
  )
  (func $labels (;2;) (type 3) (param i32) (result i32)
    block $"a b"
      block $"a b"
        block $c (result i32)
          br $"a b"
          br 2 (;@1;)
          br $c
          br 3
          br_if $c
          br_table $c $"a b" 2 (;@1;) 3 $c
          br_table 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1
        end
        if (type $pair) (param i32) (result i32 i64) ;; label = @3
          return
        else
          br_on_null 0 (;@3;)
          br_on_non_null $"a b"
        end
      end
    end
    loop $again (type 3) (param i32) (result i32)
      br $again
    end
  )
)
