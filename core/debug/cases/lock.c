/* A lock that nobody releases, and one whose waiter is notified before it waits. */
static int lock;
static int ready;

__attribute__((export_name("enter"))) void enter(void) {
  while (__atomic_exchange_n(&lock, 1, __ATOMIC_SEQ_CST) != 0)
    __builtin_wasm_memory_atomic_wait32(&lock, 1, -1);
}

__attribute__((export_name("leave"))) void leave(void) {
  __atomic_store_n(&lock, 0, __ATOMIC_SEQ_CST);
  __builtin_wasm_memory_atomic_notify(&lock, 1);
}

__attribute__((export_name("await_ready"))) int await_ready(void) {
  __builtin_wasm_memory_atomic_wait32(&ready, 0, -1);
  return ready;
}

__attribute__((export_name("announce"))) void announce(void) {
  __builtin_wasm_memory_atomic_notify(&ready, 1);
  __atomic_store_n(&ready, 1, __ATOMIC_SEQ_CST);
}

/* clang --target=wasm32 -O1 -g -matomics -mbulk-memory -nostdlib -Wl,--no-entry,--shared-memory,--max-memory=131072
   -ffile-prefix-map=$PWD=/build/lock -fdebug-compilation-dir=/build/lock -o lock.wasm lock.c */
