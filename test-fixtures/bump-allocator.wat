;; The smallest allocator: a global marks the end of the heap, memory grows when it is reached, and
;; each block starts with its size. Two calls at once can return the same block. An allocator is the
;; usual reason why "independent" exports are not: most of what a compiler emits calls malloc.

;; expect: malloc memory-grow
;; expect: malloc global-write
;; expect: malloc memory-write
;; expect: heap_used global-read
;; conflict: malloc malloc
;; conflict: malloc heap_used
;; no-conflict: heap_used heap_used
(module $allocator
  (memory (export "memory") 1 300)
  (global $heap_end (mut i32) (i32.const 1024))

  ;; Makes sure that the byte before $end exists; 0 when there is no more memory.
  (func $reserve (param $end i32) (result i32)
    (if (i32.le_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
      (then (return (i32.const 1))))
    (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))

  (func (export "malloc") (param $bytes i32) (result i32)
    (local $block i32)
    (local.set $block (global.get $heap_end))
    (global.set $heap_end
      (i32.add (local.get $block) (i32.add (local.get $bytes) (i32.const 4))))
    (if (i32.eqz (call $reserve (global.get $heap_end)))
      (then (return (i32.const 0))))
    (i32.store (local.get $block) (local.get $bytes))
    (i32.add (local.get $block) (i32.const 4)))

  (func (export "heap_used") (result i32)
    (i32.sub (global.get $heap_end) (i32.const 1024))))
