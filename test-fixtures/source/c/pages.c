/* Grows its memory while other callers use it. */
#define EXPORT(name) __attribute__((export_name(#name)))

static int used;

EXPORT(more)
int more(void) {
  return __builtin_wasm_memory_grow(0, 1);
}

EXPORT(use)
int use(void) {
  used += 1;
  return used;
}
