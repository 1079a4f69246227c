// Thread-local storage, a stack and shared data, as a linker lays them out. linked-threads.wat was made with clang 14:
// clang --target=wasm32 -O1 -matomics -mbulk-memory -mmutable-globals -ftls-model=local-exec -nostdlib
//   -Wl,--no-entry,--shared-memory,--import-memory,--initial-memory=1048576,--max-memory=16777216
//   -Wl,--export=__stack_pointer,--export=__tls_size,--export=__tls_align,--export=__wasm_init_tls,--export=__tls_base
#define EXPORT(name) __attribute__((export_name(#name)))

extern unsigned char __heap_base;
static _Atomic unsigned next;
static _Atomic int shared_count = 7;
static int initial = 5;
static _Thread_local int own = 42;
static _Thread_local int zero;

EXPORT(malloc) __attribute__((noinline)) unsigned char *malloc(unsigned size) {
  unsigned none = 0;
  __c11_atomic_compare_exchange_strong(&next, &none, (unsigned)&__heap_base, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return (unsigned char *)__c11_atomic_fetch_add(&next, (size + 15) & ~15u, __ATOMIC_SEQ_CST);
}

EXPORT(bump) int bump(void) { return ++own; }
EXPORT(zeroed) int zeroed(void) { return zero++; }
EXPORT(total) int total(void) { return __c11_atomic_fetch_add(&shared_count, 1, __ATOMIC_SEQ_CST); }
EXPORT(data) int data(void) { return initial; }

__attribute__((noinline)) static int use(volatile unsigned char *bytes, int value, int rounds) {
  for (int round = 0; round < rounds; round++) {
    for (int i = 0; i < 64; i++) bytes[i] = (unsigned char)value;
    for (int i = 0; i < 64; i++)
      if (bytes[i] != (unsigned char)value) return 0;
  }
  return 1;
}

EXPORT(frame) int frame(int value, int rounds) {
  volatile unsigned char bytes[64];
  return use(bytes, value, rounds);
}

EXPORT(address) unsigned address(void) {
  volatile unsigned char bytes[16];
  bytes[0] = 1;
  return (unsigned)&bytes[0];
}
