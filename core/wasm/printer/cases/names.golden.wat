(module $"the module"
  (export "memory" (memory $memory))
  (export "run" (func $run))
  (export "also run" (func $run))
  (export "taken" (func 4))
  (type $"a type" (;0;) (func (param i32)))
  (type (;1;) (func (param i64)))
  (type (;2;) (func))
  (type (;3;) (func (param i32 i32 i32 i32)))
  (import "env" "log" (func $env.log (;0;) (type $"a type") (param i32)))
  (import "env" "log" (func (;1;) (type 1) (param i64)))
  (import "e\"nv" "g\00\u{202e}é😀" (global $"e\"nv.g\00\u{202e}é😀" (;0;) (mut i64)))
  (table $"fn table" (;0;) 2 2 funcref)
  (memory $memory (;0;) 1)
  (global $core::fmt (;1;) i32 i32.const 1)
  (global $"vec<T> [i32; 4]" (;2;) (mut i32) i32.const 1)
  (tag $"q\"x\n😀" (;0;) (type 2))
  (start $"alloc::vec::Vec<T,A>::push")
  (elem $"elements of" (;0;) (i32.const 0) func $env.log $taken)
  (func $"alloc::vec::Vec<T,A>::push" (;2;) (type 3) (param $a i32) (param i32 i32) (param $"b c" i32)
    (local $"b c#" i32) (local f32)
    local.get $a
    local.get 1
    local.get $"b c"
    local.set $"b c#"
    global.get $core::fmt
    global.set $"vec<T> [i32; 4]"
    global.get $"e\"nv.g\00\u{202e}é😀"
    call $env.log
    call 1
    call $run
    i32.const 0
    call_indirect $"fn table" (type $"a type")
  )
  (func $run (;3;) (type $"a type") (param i32)
    local.get 0
    call $taken
  )
  (func (;4;) (type 1) (param i64)
  )
  (func $taken (;5;) (type 2)
  )
  (func $_ZN4core3fmt5write17h0123456789abcdefE (;6;) (type 2)
  )
  (data $"data of" (;0;) (i32.const 8) "\"quotes\" \\ \t\n\0d\00\7f\80\ff")
)
