;; Recursion groups, structs, arrays, casts, typed function references.
(module
  (rec
    (type $node (sub (struct (field (mut i32)) (field i8))))
    (type $leaf (sub final $node (struct (field (mut i32)) (field i8) (field (ref null $bytes)) (field (mut i64)))))
    (type $bytes (array (mut i8))))
  (rec (type $alone (struct)))
  (type $funcs (sub (array (mut funcref))))
  (type $t (func (param i32) (result i32)))
  (type $all (func
    (param i32 i64 f32 f64 v128 funcref externref anyref eqref i31ref structref arrayref exnref)
    (param nullref nullfuncref nullexternref nullexnref (ref func) (ref null $node) (ref $t))
    (result i32 i64)))
  (import "env" "twice" (func (type $all)))
  (import "env" "twice" (func (type $all)))
  (global (ref $bytes) (array.new_fixed $bytes 3 (i32.const 1) (i32.const 2) (i32.const 3)))
  (global $next (mut (ref null $leaf)) (ref.null none))
  (global i64 (i64.add (i64.const -9223372036854775808) (i64.mul (i64.const 1) (i64.const 9223372036854775807))))
  (global v128 (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 255))
  (elem $e funcref (ref.func $f))
  (data $d "bytes")
  (func $f (type $t) (local (ref null $node)) (local $shared (ref $leaf)) (local i32 i32)
    struct.new $leaf struct.new_default $leaf struct.get $leaf 3 struct.get_s $node 1 struct.get_u $node 1
    struct.set $node 0
    array.new $bytes array.new_default $bytes array.new_fixed $bytes 3 array.new_data $bytes $d
    array.new_elem $funcs $e array.get $funcs array.get_s $bytes array.get_u $bytes array.set $bytes array.len
    array.fill $bytes array.copy $bytes $bytes array.init_data $bytes $d array.init_elem $funcs $e
    ref.test (ref $node) ref.test (ref null $node) ref.test anyref ref.cast (ref i31) ref.cast i31ref
    ref.cast (ref null $leaf)
    br_on_cast 0 anyref (ref $node) br_on_cast_fail 0 (ref any) (ref i31) br_on_cast 0 (ref null $node) (ref null $leaf)
    any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u
    call_ref $t return_call_ref $t ref.func $f ref.is_null ref.as_non_null ref.eq
    ref.null $node ref.null func ref.null extern ref.null any ref.null eq ref.null i31 ref.null struct
    ref.null array ref.null none ref.null nofunc ref.null noextern ref.null exn ref.null noexn
    select select (result i32) select (result (ref null $node))
    block (result (ref null $node)) end
    block (type $t) end))
