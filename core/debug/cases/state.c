/* Shared state of the kinds that findings name: a variable, a member, an element, and what inlining hides. */
typedef struct {
  int count;
  int total;
} State;

static int counter;
static State state;
static int slots[8];
static _Thread_local int local;

static inline __attribute__((always_inline)) int bump(int by) {
  counter += by;
  return counter;
}

__attribute__((export_name("increment"))) int increment(void) {
  return bump(1);
}

__attribute__((noinline)) static void record(int value) {
  state.count += 1;
  state.total += value;
}

__attribute__((export_name("record"))) void record_value(int value) {
  record(value);
}

__attribute__((export_name("third"))) int third(void) {
  return ++slots[3];
}

__attribute__((export_name("any"))) int any(int i) {
  return ++slots[i & 7];
}

__attribute__((export_name("at"))) int at(int i) {
  return ++slots[i];
}

__attribute__((export_name("clear"))) void clear(void) {
  for (int i = 0; i < 8; i++) slots[i] = 0;
}

/* clang --target=wasm32 -O1 -g -nostdlib -Wl,--no-entry -ffile-prefix-map=$PWD=/build/state
   -fdebug-compilation-dir=/build/state -o state.wasm state.c */
