;; Thread-local storage: errno at the base, which each thread must set first.
(module
  (memory (import "env" "memory") 1 1 shared)
  (global $__tls_base (mut i32) (i32.const 1024))
  (func (export "__wasm_init_tls") (param i32) (global.set $__tls_base (local.get 0)) (i32.store (local.get 0) (i32.const 0)))
  (func (export "fail") (param i32) (result i32)
    (i32.store (global.get $__tls_base) (local.get 0))
    (i32.load (global.get $__tls_base))))
