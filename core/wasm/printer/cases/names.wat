;; Identifiers: plain, quoted, derived from exports and imports, missing, twice the same.
(module $"the module"
  (type $"a type" (func (param i32)))
  (import "env" "log" (func (param i32)))
  (import "env" "log" (func (param i64)))
  (import "e\"nv" "g\00\u{202e}é😀" (global (mut i64)))
  (memory (export "memory") 1)
  (table $"fn table" 2 2 funcref)
  (global $core::fmt i32 (i32.const 1))
  (global $"vec<T> [i32; 4]" (mut i32) (i32.const 1))
  (tag $"q\"x\n\u{1f600}")
  (export "run" (func 3))
  (export "also run" (func 3))
  (export "taken" (func 4))
  (start $"alloc::vec::Vec<T,A>::push")
  (elem $"elements of" (i32.const 0) func 0 $taken)
  (func $"alloc::vec::Vec<T,A>::push" (param $a i32) (param i32 i32) (param $"b c" i32) (local $"b c#" i32) (local f32)
    local.get $a
    local.get 1
    local.get $"b c"
    local.set $"b c#"
    global.get $core::fmt
    global.set $"vec<T> [i32; 4]"
    global.get 0
    call 0
    call 1
    call 3
    i32.const 0
    call_indirect (type $"a type"))
  (func (param i32)
    local.get 0
    call $taken)
  (func (param i64))
  (func $taken)
  (func $_ZN4core3fmt5write17h0123456789abcdefE)
  (data $"data of" (i32.const 8) "\"quotes\" \\ \t\n\r\00\7f\80\ff"))
