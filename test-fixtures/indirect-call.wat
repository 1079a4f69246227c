;; Calls through a table that never changes: the analysis knows which functions of a type can be
;; behind it. "post" reaches a write through the table (post -> $credit), "quote" reaches only pure
;; functions because those have another type.

;; expect: post global-write
;; expect: total global-read
;; expect: quote none
;; conflict: post post
;; conflict: post total
;; no-conflict: quote post
;; no-conflict: quote quote
;; no-conflict: total total
(module $ledger
  (type $posting (func (param i32)))
  (type $pricing (func (param i32) (result i32)))
  (table $actions 4 4 funcref)
  (elem (table $actions) (i32.const 0) func $credit $debit $net $gross)
  (global $total (mut i32) (i32.const 0))

  (func $credit (type $posting)
    (global.set $total (i32.add (global.get $total) (local.get 0))))
  (func $debit (type $posting)
    (global.set $total (i32.sub (global.get $total) (local.get 0))))

  (func $net (type $pricing)
    (local.get 0))
  (func $gross (type $pricing)
    (i32.div_u (i32.mul (local.get 0) (i32.const 119)) (i32.const 100)))

  (func (export "post") (param $action i32) (param $amount i32)
    (call_indirect $actions (type $posting) (local.get $amount) (local.get $action)))

  (func (export "quote") (param $action i32) (param $amount i32) (result i32)
    (call_indirect $actions (type $pricing) (local.get $amount) (local.get $action)))

  (func (export "total") (result i32)
    (global.get $total)))
