/* Counts visits: one total for all callers, and a slot for each of four doors. */
#include "counter.h"

#define EXPORT(name) __attribute__((export_name(#name)))

static int visits;
static int doors[4];
static struct counter guests;

static void note(int door) {
  doors[door & 3] += 1;
}

EXPORT(visit)
int visit(void) {
  int before = visits;
  visits = before + 1;
  return visits;
}

EXPORT(enter)
int enter(int door) {
  note(door);
  return visit();
}

EXPORT(welcome)
int welcome(int count) {
  return counter_add(&guests, count);
}

EXPORT(double_of)
int double_of(int number) {
  return 2 * number;
}
