/** Modules in the text format for runs of Python wrappers. */

/** Sources by the file name that wrappers are generated for. */
export const RUN_SOURCES: Readonly<Record<string, string>> = {
  'counter.wasm': `(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 0))
    (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
    (func (export "get") (result i32) (global.get $n))
    (func (export "pair") (param i64 f64) (result i64 f64) (local.get 0) (local.get 1))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "spin") (loop $l (br $l)))
    (func (export "trap") (global.set $n (i32.const 999)) unreachable))`,
  'hooks.wasm': `(module (import "env" "hook" (func $hook (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "hooked") (param i32) (result i32) (call $hook (local.get 0)))
    (func (export "trap") unreachable))`,
  'exit.wasm': `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 3))))`,
};
