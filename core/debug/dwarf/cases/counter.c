#include "counter.h"

state_t state = {1};
_Thread_local int per_thread = 3;
_Thread_local volatile char also_per_thread[3];
static volatile int counter;
const char *const names[] = {"one", "two"};
static int removed(int x) { return x + 1; }
int removed_variable = 5;

__attribute__((noinline)) static int step(int x) {
  static int calls;
  calls++;
  return x + calls;
}

__attribute__((export_name("bump"))) int bump(int n) {
  counter += step(n);
  state.slots[2].id++;
  state.in[1].b = 3;
  state.grid[1][n & 1]++;
  per_thread++;
  also_per_thread[1] = 2;
  if (n > 5) {
    int local = n * 2;
    return add_twice(&state.count, local);
  }
  return other(counter) + names[n & 1][0];
}
