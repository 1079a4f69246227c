;; Dekker's lock with plain accesses: right in every interleaving, broken by store buffers.
(module
  (import "env" "memory" (memory 1 1 shared))
  (func $enter (param $mine i32) (param $other i32) (param $me i32)
    (i32.store (local.get $mine) (i32.const 1))
    (block $in
      (loop $again
        (br_if $in (i32.eqz (i32.load (local.get $other))))
        (if (i32.ne (i32.load (i32.const 128)) (local.get $me))
          (then
            (i32.store (local.get $mine) (i32.const 0))
            (block $go
              (loop $wait
                (br_if $go (i32.eq (i32.load (i32.const 128)) (local.get $me)))
                (br $wait)))
            (i32.store (local.get $mine) (i32.const 1))))
        (br $again))))
  (func $bump (result i32) (local $old i32)
    (local.set $old (i32.load (i32.const 192)))
    (i32.store (i32.const 192) (i32.add (local.get $old) (i32.const 1)))
    (local.get $old))
  (func (export "a") (result i32) (local $old i32)
    (call $enter (i32.const 0) (i32.const 64) (i32.const 0))
    (local.set $old (call $bump))
    (i32.store (i32.const 128) (i32.const 1))
    (i32.store (i32.const 0) (i32.const 0))
    (local.get $old))
  (func (export "b") (result i32) (local $old i32)
    (call $enter (i32.const 64) (i32.const 0) (i32.const 1))
    (local.set $old (call $bump))
    (i32.store (i32.const 128) (i32.const 0))
    (i32.store (i32.const 64) (i32.const 0))
    (local.get $old)))
