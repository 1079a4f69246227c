;; New and legacy exception handling, labels by name, by depth and shadowed.
(module
  (type $payload (func (param i32)))
  (type $pair (func (param i32) (result i32 i64)))
  (import "env" "thrown" (tag $thrown (type $payload)))
  (tag $own (type $payload))
  (tag (param i64))
  (export "own" (tag $own))
  (func $legacy (param $p i32) (result i32) (local $x i32)
    try $l (result i32)
      local.get $p
      throw $own
    catch $thrown
      rethrow $l
    catch 2
      drop
      i32.const 1
    catch_all
      rethrow 0
    end
    try
      block $inner
        try
          call $legacy
        delegate $inner
        try
          br 0
        delegate 1
        try
        delegate 2
      end
    delegate 0)
  (func $current (param exnref)
    block $out (result i32 exnref)
      try_table $try (result i32) (catch $thrown $out) (catch_ref $thrown $out) (catch_all 1) (catch_all_ref 0)
        br $try
        i32.const 0
        throw $thrown
      end
      try_table (catch_all 0)
        local.get 0
        throw_ref
      end
    end
    unreachable)
  (func $labels (param i32) (result i32)
    block $"a b"
      block $"a b"
        block $c (result i32)
          br $"a b"
          br 2
          br $c
          br 3
          br_if 0
          br_table 0 1 2 3 0
          br_table 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1
        end
        if (type $pair)
          return
        else
          br_on_null 0
          br_on_non_null 1
        end
      end
    end
    loop $again (param i32) (result i32)
      br $again
    end))
