;; Text in and out, as most modules take and give it: the host allocates a block, writes to it, calls "greet" with address
;; and length, reads the answer (address and length in one i64), and frees the block. No single call shows what goes wrong:
;; greeting.stress.json is the whole protocol. "greet" puts the answer together in one place for all callers, and two
;; callers on one instance can get each other's greeting, or half of it.

;; expect: malloc global-write
;; expect: free none
;; expect: greet static-memory-write
;; expect: greet global-write
;; expect: greet memory-write
;; conflict: malloc malloc
;; conflict: malloc greet
;; conflict: greet greet
;; no-conflict: free free
;; no-conflict: free greet
(module $greeting
  (memory (export "memory") 1 1)
  ;; Where the next block begins.
  (global $next (mut i32) (i32.const 4096))
  (data (i32.const 16) "Hello, ")

  (func $malloc (export "malloc") (param $bytes i32) (result i32)
    (local $block i32)
    (local.set $block (global.get $next))
    (global.set $next
      (i32.add (local.get $block) (i32.and (i32.add (local.get $bytes) (i32.const 7)) (i32.const -8))))
    (local.get $block))

  ;; Blocks are not used again.
  (func (export "free") (param $block i32) (param $bytes i32))

  (func (export "greet") (param $name i32) (param $length i32) (result i64)
    (local $answer i32)
    (memory.copy (i32.const 1024) (i32.const 16) (i32.const 7))
    (memory.copy (i32.const 1031) (local.get $name) (local.get $length))
    (local.set $answer (call $malloc (i32.add (local.get $length) (i32.const 7))))
    (memory.copy (local.get $answer) (i32.const 1024) (i32.add (local.get $length) (i32.const 7)))
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $answer)) (i64.const 32))
      (i64.extend_i32_u (i32.add (local.get $length) (i32.const 7))))))
