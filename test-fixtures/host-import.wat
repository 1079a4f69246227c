;; The module has no state at all; what "rate" does depends on the host function it calls. Separate
;; instances do not help here: they share the import. It must be safe for concurrent use by itself.

;; expect: rate host-call
;; expect: scale none
;; conflict: rate rate
;; no-conflict: rate scale
;; no-conflict: scale scale
(module $scores
  (import "env" "record_score" (func $record_score (param i32)))

  (func $scale (export "scale") (param $points i32) (result i32)
    (i32.mul (local.get $points) (i32.const 10)))

  (func (export "rate") (param $points i32) (result i32)
    (call $record_score (local.get $points))
    (call $scale (local.get $points))))
