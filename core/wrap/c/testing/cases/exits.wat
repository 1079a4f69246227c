;; Ends itself with an exit code, as a panic or abort of a language does.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "leave") (param i32) (call $exit (local.get 0))))
