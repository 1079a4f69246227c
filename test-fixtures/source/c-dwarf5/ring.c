/* A ring of numbers: callers put them in at one end and take them out at the other. */

#define EXPORT(name) __attribute__((export_name(#name)))
#define SLOTS 8

struct ring {
  unsigned head;  /* how many were put in */
  unsigned tail;  /* how many were taken out */
  int slots[SLOTS];
};

static struct ring ring;
static int refused;

/* Returns 1, or 0 if the ring is full. Two calls at once can put their numbers in the same slot. */
EXPORT(put)
int put(int number) {
  if (ring.head - ring.tail == SLOTS) {
    refused = number;
    return 0;
  }
  ring.slots[ring.head % SLOTS] = number;
  ring.head += 1;
  return 1;
}

/* Returns -1 if the ring is empty. Two calls at once can take the same number. */
EXPORT(take)
int take(void) {
  if (ring.head == ring.tail)
    return -1;
  int number = ring.slots[ring.tail % SLOTS];
  ring.tail += 1;
  return number;
}

/* The last number that did not fit. */
EXPORT(last_refused)
int last_refused(void) {
  return refused;
}
