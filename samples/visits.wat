(module $visits
  (global $count (mut i32) (i32.const 0))

  (func $add (param $n i32)
    (global.set $count
      (i32.add (local.get $n) (global.get $count))))

  (func (export "visit") (result i32)
    (call $add (i32.const 1))
    (global.get $count))

  (func (export "total") (result i32)
    (global.get $count)))
