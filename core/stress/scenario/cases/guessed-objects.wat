;; Exports that work on objects which no export makes: a plan can only make them up.
(module $guessed
  (memory (export "memory") 2)
  (global $top (mut i32) (i32.const 1024))
  (global $drawn (mut i32) (i32.const 0))

  (func (export "malloc") (param $size i32) (result i32)
    (local $block i32)
    (local.set $block (global.get $top))
    (global.set $top
      (i32.and (i32.add (i32.add (global.get $top) (local.get $size)) (i32.const 15)) (i32.const -16)))
    (local.get $block))

  ;; The object has the address of a picture.
  (func (export "render") (param $this i32) (result i32)
    (local $picture i32)
    (local.set $picture (i32.load offset=4 (local.get $this)))
    (global.set $drawn (i32.add (global.get $drawn) (i32.const 1)))
    (i32.store offset=8 (local.get $picture) (global.get $drawn))
    (i32.load (local.get $picture)))

  ;; The object has a width, and nobody has written it.
  (func (export "width") (param $this i32) (result i32)
    (global.set $drawn (i32.add (global.get $drawn) (i32.const 1)))
    (i32.load offset=12 (local.get $this)))

  ;; Any bytes will do.
  (func (export "invert") (param $bytes i32) (param $length i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $bytes) (local.get $length)))
    (global.set $drawn (i32.add (global.get $drawn) (i32.const 1)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $bytes) (local.get $end)))
        (i32.store8 (local.get $bytes) (i32.xor (i32.load8_u (local.get $bytes)) (i32.const 255)))
        (local.set $bytes (i32.add (local.get $bytes) (i32.const 1)))
        (br $next))))

  ;; Only written.
  (func (export "size") (param $out i32)
    (i32.store (local.get $out) (global.get $drawn))
    (i32.store offset=4 (local.get $out) (i32.const 2))
    (global.set $drawn (i32.add (global.get $drawn) (i32.const 1)))))
