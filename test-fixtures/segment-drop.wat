;; A passive data segment that one export copies and another one drops to save memory. On wazero a
;; drop between the bounds check and the copy takes the bytes away under the copy: the process dies.

;; expect: load_defaults static-memory-write
;; expect: load_defaults segment-drop
;; expect: forget_defaults segment-drop
;; expect: threshold memory-read
;; conflict: load_defaults load_defaults
;; conflict: load_defaults forget_defaults
;; conflict: load_defaults threshold
;; conflict: forget_defaults forget_defaults
;; no-conflict: forget_defaults threshold
;; no-conflict: threshold threshold
(module $settings
  (memory (export "memory") 1 1)
  (data $defaults "\64\00\00\00\2a\00\00\00")

  (func (export "load_defaults")
    (memory.init $defaults (i32.const 1024) (i32.const 0) (i32.const 8)))

  (func (export "forget_defaults")
    (data.drop $defaults))

  (func (export "threshold") (result i32)
    (i32.load (i32.const 1024))))
