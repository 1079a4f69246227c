/* A counter that any export may use. */
#ifndef COUNTER_H
#define COUNTER_H

struct counter {
  int total;
  int last;
};

static inline __attribute__((always_inline)) int counter_add(struct counter *counter, int by) {
  counter->last = by;
  counter->total += by;
  return counter->total;
}

#endif
