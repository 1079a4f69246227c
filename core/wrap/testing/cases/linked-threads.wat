;; Made of linked-threads.c, whose comment says how.
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func (param i32 i32) (result i32)))
  (type (;5;) (func (param i32 i32 i32) (result i32)))
  (import "env" "memory" (memory (;0;) 16 256 shared))
  (func (;0;) (type 1) (param i32)
    local.get 0
    global.set 1
    local.get 0
    i32.const 0
    i32.const 8
    memory.init 0)
  (func (;1;) (type 2)
    block  ;; label = @1
      block  ;; label = @2
        block  ;; label = @3
          i32.const 1040
          i32.const 0
          i32.const 1
          i32.atomic.rmw.cmpxchg
          br_table 0 (;@3;) 1 (;@2;) 2 (;@1;)
        end
        i32.const 1032
        i32.const 0
        i32.const 4
        memory.init 1
        i32.const 1036
        i32.const 0
        i32.store align=1
        i32.const 1040
        i32.const 2
        i32.atomic.store
        i32.const 1040
        i32.const -1
        memory.atomic.notify
        drop
        br 1 (;@1;)
      end
      i32.const 1040
      i32.const 1
      i64.const -1
      memory.atomic.wait32
      drop
    end
    data.drop 1)
  (func (;2;) (type 3) (param i32) (result i32)
    i32.const 0
    i32.const 0
    i32.const 66592
    i32.atomic.rmw.cmpxchg offset=1036
    drop
    i32.const 0
    local.get 0
    i32.const 15
    i32.add
    i32.const -16
    i32.and
    i32.atomic.rmw.add offset=1036)
  (func (;3;) (type 0) (result i32)
    (local i32)
    global.get 1
    local.tee 0
    local.get 0
    i32.load
    i32.const 1
    i32.add
    local.tee 0
    i32.store
    local.get 0)
  (func (;4;) (type 0) (result i32)
    (local i32)
    global.get 1
    i32.const 4
    i32.add
    local.tee 0
    local.get 0
    i32.load
    local.tee 0
    i32.const 1
    i32.add
    i32.store
    local.get 0)
  (func (;5;) (type 0) (result i32)
    i32.const 0
    i32.const 1
    i32.atomic.rmw.add offset=1032)
  (func (;6;) (type 0) (result i32)
    i32.const 5)
  (func (;7;) (type 4) (param i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const -64
    i32.add
    local.tee 2
    global.set 0
    local.get 2
    local.get 0
    local.get 1
    call 8
    local.set 0
    local.get 2
    i32.const -64
    i32.sub
    global.set 0
    local.get 0)
  (func (;8;) (type 5) (param i32 i32 i32) (result i32)
    (local i32 i32 i32 i32 i32 i32)
    i32.const 2
    local.set 4
    block  ;; label = @1
      local.get 2
      i32.const 0
      i32.le_s
      br_if 0 (;@1;)
      local.get 0
      i32.const 1
      i32.add
      local.set 8
      i32.const 0
      local.set 5
      local.get 1
      i32.const 255
      i32.and
      local.set 6
      loop  ;; label = @2
        i32.const 0
        local.set 3
        loop  ;; label = @3
          local.get 0
          local.get 3
          i32.add
          local.get 1
          i32.store8
          local.get 3
          i32.const 1
          i32.add
          local.tee 3
          i32.const 64
          i32.ne
          br_if 0 (;@3;)
        end
        i32.const 1
        local.set 3
        i32.const 1
        local.set 4
        local.get 6
        local.get 0
        i32.load8_u
        i32.eq
        if (result i32)  ;; label = @3
          i32.const 0
          local.set 7
          loop  ;; label = @4
            block  ;; label = @5
              local.get 7
              local.tee 3
              i32.const 63
              i32.eq
              if  ;; label = @6
                i32.const 8
                local.set 4
                br 1 (;@5;)
              end
              i32.const 1
              local.set 4
              local.get 3
              i32.const 1
              i32.add
              local.set 7
              local.get 3
              local.get 8
              i32.add
              i32.load8_u
              local.get 6
              i32.eq
              br_if 1 (;@4;)
            end
          end
          local.get 3
          i32.const 63
          i32.lt_u
        else
          local.get 3
        end
        br_if 1 (;@1;)
        local.get 5
        i32.const 1
        i32.add
        local.tee 5
        local.get 2
        i32.ne
        br_if 0 (;@2;)
      end
      i32.const 1
      return
    end
    local.get 4
    i32.const 2
    i32.eq)
  (func (;9;) (type 0) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    i32.const 1
    i32.store8
    local.get 0)
  (global (;0;) (mut i32) (i32.const 66592))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) i32 (i32.const 8))
  (global (;3;) i32 (i32.const 4))
  (export "__stack_pointer" (global 0))
  (export "__tls_base" (global 1))
  (export "__tls_size" (global 2))
  (export "__tls_align" (global 3))
  (export "__wasm_init_tls" (func 0))
  (export "malloc" (func 2))
  (export "bump" (func 3))
  (export "zeroed" (func 4))
  (export "total" (func 5))
  (export "data" (func 6))
  (export "frame" (func 7))
  (export "address" (func 9))
  (start 1)
  (data (;0;) "*\00\00\00\00\00\00\00")
  (data (;1;) "\07\00\00\00"))
