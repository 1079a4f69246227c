import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Modules for which tests in \`run\` say what their wrappers do. */
export const RUN_SOURCES: Readonly<Record<string, string>> = {
  'counter.wasm': `(module
    (memory (export "memory") 1 2)
    (global $n (mut i32) (i32.const 0))
    (func (export "inc") (result i64) (global.set $n (i32.add (global.get $n) (i32.const 1))) (i64.extend_i32_u (global.get $n)))
    (func (export "get") (result i64) (i64.extend_i32_u (global.get $n)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "spin") (loop $again (br $again)))
    (func (export "trap") unreachable))`,
  'greet.wasm': readFileSync(join(import.meta.dirname, '../../blocks/cases/certain.wat'), 'utf8'),
  'scores.wasm': `(module
    (import "env" "score" (func $score (param i32) (result i32)))
    (func (export "rate") (param i32) (result i32) (call $score (local.get 0))))`,
  'stacks.wasm': `(module
    (import "env" "memory" (memory 2 20 shared))
    (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
    (func (export "_initialize")
      (if (i32.atomic.rmw.cmpxchg (i32.const 16) (i32.const 0) (i32.const 1)) (then (unreachable))))
    (func (export "frame") (param i32) (result i32) (local $frame i32)
      (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 16))))
      (i32.store (local.get $frame) (local.get 0))
      (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))
      (local.get $frame)))`,
};
