;; State in use across an import that suspends, in several forms; the import is also in a table.
(module
  (type $v (func))
  (import "env" "pause" (func $pause))
  (import "env" "log" (func $log (param i32)))
  (memory (export "memory") 1)
  (memory $scratch 1)
  (global $total (mut i64) (i64.const 0))
  (global $busy (mut i32) (i32.const 0))
  (table funcref (elem $pause))
  ;; read, suspend, write
  (func (export "add") (param i64) (result i64)
    (local $old i64)
    (local.set $old (global.get $total))
    (call $pause)
    (global.set $total (i64.add (local.get $old) (local.get 0)))
    (global.get $total))
  ;; suspend first: nothing is in use across it
  (func (export "add_after") (param i64) (result i64)
    (call $pause)
    (global.set $total (i64.add (global.get $total) (local.get 0)))
    (global.get $total))
  ;; the same through a table, in the second memory
  (func (export "note") (param i32) (result i32)
    (i32.store $scratch (i32.const 0) (local.get 0))
    (call_indirect (type $v) (i32.const 0))
    (i32.load $scratch (i32.const 0)))
  ;; refuses to run twice: nobody who is refused is served, unlike one after the other
  (func (export "exclusive") (result i32)
    (if (global.get $busy) (then (return (i32.const -1))))
    (global.set $busy (i32.const 1))
    (call $pause)
    (global.set $busy (i32.const 0))
    (i32.const 1))
  ;; never suspends
  (func (export "size") (result i64) (global.get $total))
  (func (export "bump") (result i64) (global.set $total (i64.add (global.get $total) (i64.const 1))) (call $log (i32.const 1)) (global.get $total)))
