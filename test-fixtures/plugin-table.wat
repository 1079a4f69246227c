;; The table is exported: whoever has the instance can put any function into it. What "run_plugin"
;; does is therefore unknown, and it is taken to read and write everything.

;; expect: run_plugin unknown-code
;; expect: double none
;; conflict: run_plugin run_plugin
;; no-conflict: double double
;; no-conflict: double run_plugin
(module $plugins
  (type $plugin (func (param i32) (result i32)))
  (table (export "plugins") 4 4 funcref)

  (func (export "double") (type $plugin)
    (i32.shl (local.get 0) (i32.const 1)))

  (func (export "run_plugin") (param $slot i32) (param $x i32) (result i32)
    (call_indirect (type $plugin) (local.get $x) (local.get $slot))))
