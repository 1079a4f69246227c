(module
  (export "memory" (memory $memory))
  (export "inc" (func $inc))
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (memory $memory (;0;) 1 1 shared)
  (global $depth (;0;) (mut i32) i32.const 0)
  (func $lock (;0;) (type 0)
    (local $c i32)
    i32.const 0
    i32.const 0
    i32.const 1
    i32.atomic.rmw.cmpxchg
    local.tee $c
    i32.eqz
    if ;; label = @1
      return
    end
    loop $again
      i32.const 0
      i32.const 2
      i32.atomic.rmw.xchg
      i32.eqz
      if ;; label = @2
        return
      end
      i32.const 0
      i32.const 2
      i64.const -1
      memory.atomic.wait32
      drop
      br $again
    end
  )
  (func $unlock (;1;) (type 0)
    i32.const 0
    i32.const 0
    i32.atomic.rmw.xchg
    i32.const 2
    i32.eq
    if ;; label = @1
      i32.const 0
      i32.const 1
      memory.atomic.notify
      drop
    end
  )
  (func $inc (;2;) (type 1) (param $by i32) (result i32)
    (local $r i32)
    call $lock
    i32.const 0
    i32.const 0
    i32.load offset=64
    local.get $by
    i32.add
    local.tee $r
    i32.store offset=64
    call $unlock
    local.get $r
  )
)
