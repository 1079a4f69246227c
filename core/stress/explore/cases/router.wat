;; A router in the manner of http-wasm: the host fills one buffer at a constant address, for whoever calls.
(module
  (import "http_handler" "get_uri" (func $get_uri (param i32 i32) (result i32)))
  (import "http_handler" "set_header_value" (func $set_header (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "route")
  (global $length (mut i32) (i32.const 0))
  ;; The first character of the path behind the slash.
  (func (export "route") (result i32)
    (drop (call $get_uri (i32.const 1024) (i32.const 256)))
    (i32.load8_u (i32.const 1025)))
  ;; Answers with the path in a header of the response.
  (func (export "handle_request") (result i64)
    (local $n i32)
    (local.set $n (call $get_uri (i32.const 1024) (i32.const 256)))
    (call $set_header (i32.const 1) (i32.const 16) (i32.const 5) (i32.const 1024) (local.get $n))
    (i64.const 0)))
