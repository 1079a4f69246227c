// A lock of common.wasm, which imports a shared memory: a reset makes the memory new, too.

#include "common_lock.h"

#include "checks.h"

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  const common_options options = {0};
  common_error error;
  common_lock *lock = NULL;
  CHECK(common_lock_new(wasm, size, &options, &lock, &error) == COMMON_OK);
  common_instance *instance = NULL;
  int32_t sum = 0;
  CHECK(common_lock_acquire(lock, &instance, &error) == COMMON_OK);
  CHECK(common_plain_add(instance, 5, &sum, &error) == COMMON_OK && sum == 5);
  CHECK(common_memory_read(instance, 4, &sum, sizeof sum, &error) == COMMON_OK && sum == 5);
  common_lock_release(lock);
#ifndef WAMR
  // The WAMR of the tests keeps one shared memory for a module.
  CHECK(common_lock_reset(lock, &error) == COMMON_OK);
  CHECK(common_lock_acquire(lock, &instance, &error) == COMMON_OK);
  CHECK(common_plain_add(instance, 2, &sum, &error) == COMMON_OK && sum == 2);
  common_lock_release(lock);
#endif
  common_lock_delete(lock);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
