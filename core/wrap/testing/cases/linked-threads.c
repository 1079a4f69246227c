// Thread-local storage, a stack and shared data, as a linker lays them out. linked-threads.wat was made with clang 14:
// clang --target=wasm32 -O1 -matomics -mbulk-memory -mmutable-globals -ftls-model=local-exec -nostdlib
//   -Wl,--no-entry,--shared-memory,--import-memory,--initial-memory=1048576,--max-memory=16777216
//   -Wl,--export=__stack_pointer,--export=__tls_size,--export=__tls_align,--export=__wasm_init_tls,--export=__tls_base
#define EXPORT(name) __attribute__((export_name(#name)))
typedef unsigned char u8; typedef unsigned u32;
extern u8 __heap_base;
static _Atomic u32 next; static _Thread_local int own = 42; static _Thread_local int zero;
static _Atomic int shared_count = 7;
static int inited = 5;
EXPORT(malloc) __attribute__((noinline)) u8 *malloc(u32 n){ u32 zero_=0; u32 base=(u32)&__heap_base; __c11_atomic_compare_exchange_strong(&next,&zero_,base,5,5); return (u8*)__c11_atomic_fetch_add(&next,(n+15)&~15u,5); }
EXPORT(bump) int bump(void){ return ++own; }
EXPORT(zeroed) int zeroed(void){ return zero++; }
EXPORT(total) int total(void){ return __c11_atomic_fetch_add(&shared_count,1,5); }
__attribute__((noinline)) static int use(volatile u8*p,int v,int n){ for(int k=0;k<n;k++){ for(int i=0;i<64;i++)p[i]=(u8)v; for(int i=0;i<64;i++) if(p[i]!=(u8)v) return 0; } return 1; }
EXPORT(frame) int frame(int v,int n){ volatile u8 b[64]; return use(b,v,n); }
EXPORT(data) int data(void){ return inited; }
EXPORT(address) u32 address(void){ volatile u8 b[16]; b[0]=1; return (u32)&b[0]; }
