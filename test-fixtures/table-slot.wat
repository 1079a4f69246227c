;; A function table used as a switch: slot 2 holds the codec in use. Replacing it while another call
;; goes through the slot runs the old or the new codec. Slot 0 never changes, so that the export that
;; calls through it is independent of the switch. The table is neither imported nor exported and no
;; function reference comes from outside, so that only functions of this module can be in it.

;; expect: select_codec table-write
;; expect: encode table-read
;; expect: encode_default none
;; conflict: select_codec select_codec
;; conflict: select_codec encode
;; no-conflict: select_codec encode_default
;; no-conflict: encode encode
;; no-conflict: encode encode_default
(module $codecs
  (type $codec (func (param i32) (result i32)))
  (table $codecs 3 3 funcref)
  (elem (table $codecs) (i32.const 0) func $plain $rot13 $plain)

  (func $plain (type $codec)
    (local.get 0))
  (func $rot13 (type $codec)
    (i32.add (local.get 0) (i32.const 13)))

  (func (export "select_codec") (param $which i32)
    (table.set $codecs (i32.const 2) (table.get $codecs (local.get $which))))

  (func (export "encode") (param $letter i32) (result i32)
    (call_indirect $codecs (type $codec) (local.get $letter) (i32.const 2)))

  (func (export "encode_default") (param $letter i32) (result i32)
    (call_indirect $codecs (type $codec) (local.get $letter) (i32.const 0))))
