;; One export grows the memory, the others only use it. On wazero growth replaces the buffer's base
;; and length one after the other: a store that runs meanwhile is lost in the old buffer or lands
;; outside the guest's memory. Even an export that only loads must not run beside "add_page".

;; expect: add_page memory-grow
;; expect: bump static-memory-write
;; expect: peek memory-read
;; expect: pages memory-read
;; conflict: add_page add_page
;; conflict: add_page bump
;; conflict: add_page peek
;; conflict: add_page pages
;; conflict: bump bump
;; conflict: bump peek
;; no-conflict: peek peek
;; no-conflict: peek pages
;; no-conflict: bump pages
(module $arena
  (memory (export "memory") 1 400)

  (func (export "add_page") (result i32)
    (memory.grow (i32.const 1)))

  (func (export "bump")
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))))

  (func (export "peek") (result i32)
    (i32.load (i32.const 16)))

  (func (export "pages") (result i32)
    (memory.size)))
