static int slots[4];
struct state { int first; int count; } state;
int counter;

__attribute__((export_name("bump"))) int bump(void) {
  counter = counter + 1;
  state.count += 2;
  return counter;
}

__attribute__((export_name("put"))) int put(int at, int value) {
  int old = slots[at & 3];
  slots[at & 3] = value;
  return old;
}
