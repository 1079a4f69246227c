#include "counter.h"

int calls_of_other;

int other(int x) {
  calls_of_other += 1;
  state.slots[0].u.i = x;
  return add_twice(&calls_of_other, x) + shared_static;
}
