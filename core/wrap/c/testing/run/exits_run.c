// A lock of exits.wasm: an export that ends the module with an exit code.

#include "exits_lock.h"

#include "checks.h"

int main(int argc, char **argv) {
  CHECK(argc == 2);
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  const exits_options options = {0};
  exits_error error;
  exits_lock *lock = NULL;
  CHECK(exits_lock_new(wasm, size, &options, &lock, &error) == EXITS_OK);
  exits_instance *instance = NULL;
  CHECK(exits_lock_acquire(lock, &instance, &error) == EXITS_OK);
  CHECK(exits_leave(instance, 7, &error) == EXITS_ERR_EXIT);
  CHECK(error.exit_code == 7);
  CHECK(exits_leave(instance, 0, &error) == EXITS_ERR_BROKEN);
  exits_lock_release(lock);
  exits_lock_delete(lock);
  free(wasm);
  return 0;
}
