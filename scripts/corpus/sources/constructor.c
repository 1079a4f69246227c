/* State that a constructor sets, and that the main program of a command changes. */
#include <stdlib.h>

static int ready;

__attribute__((constructor)) static void construct(void) { ready = malloc(8) == NULL ? 0 : 40; }

__attribute__((export_name("get"))) int get(void) { return ready; }

#ifdef COMMAND
int main(void) {
  ready++;
  exit(0);
}
#endif
