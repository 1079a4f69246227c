;; Executing ref.func is harmless for the guest, but wazero's compiler appends to an unlocked list
;; each time: goroutines that do it at once corrupt the Go heap. A reference made once, in the
;; initialiser of a global, costs nothing and is safe.

;; expect: new_handler ref-func
;; expect: kept_handler none
;; no-conflict: kept_handler kept_handler
;; no-conflict: kept_handler new_handler
(module $handlers
  (func $ignore (param i32))
  (elem declare func $ignore)
  (global $kept funcref (ref.func $ignore))

  (func (export "new_handler") (result funcref)
    (ref.func $ignore))

  (func (export "kept_handler") (result funcref)
    (global.get $kept)))
