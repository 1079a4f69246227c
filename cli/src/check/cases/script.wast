;; Several modules, one of which does not compile, and what is not analysed.
(module $counter
  (global $count (mut i32) (i32.const 0))
  (func (export "increment")
    (global.set $count
      (i32.add (global.get $count) (i32.const 1)))))
(register "counter" $counter)
(module binary "\00asm" "\01\00\00\00")
(module (func (export "broken") (result i32) (i32.const one)))
(assert_invalid (module (func (result i32))) "type mismatch")
(module (memory 1)
  (func (export "grow") (drop (memory.grow (i32.const 1)))))
