;; State of an instance that speaks about the shared memory.
(module
  (type $get (func (result i32)))
  (memory (import "env" "memory") i64 1 8 shared)
  (global $free (mut i64) (i64.const 4096))
  (table $handlers 4 funcref)
  (global $used (mut i32) (i32.const 0))
  (elem declare func $seven)
  (func $seven (result i32) (i32.const 7))
  ;; a bump allocator in a global
  (func (export "arena") (param i64) (result i64) (global.get $free) (global.set $free (i64.add (global.get $free) (local.get 0))))
  ;; the same in the shared memory
  (func (export "arena_shared") (param i64) (result i64) (i64.atomic.rmw.add (i64.const 8) (local.get 0)))
  ;; pages of one's own: each growth gives other ones
  (func (export "pages") (result i64) (memory.grow (i64.const 1)))
  ;; registers in a table of the instance, publishes the number in the shared memory
  (func (export "register")
    (table.set $handlers (global.get $used) (ref.func $seven))
    (i32.atomic.store (i64.const 16) (global.get $used)))
  (func (export "fire") (result i32) (call_indirect $handlers (type $get) (i32.atomic.load (i64.const 16)))))
