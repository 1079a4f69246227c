// One instance of tally.wasm behind a lock, used by eight threads.

#include "tally_lock.h"

#include "checks.h"

enum { THREADS = 8, CALLS = 500 };

static void *increments(void *given) {
  tally_lock *lock = given;
  for (int i = 0; i < CALLS; i++) {
    tally_instance *instance = NULL;
    tally_error error;
    CHECK(tally_lock_acquire(lock, &instance, &error) == TALLY_OK);
    int32_t before = 0;
    int32_t after = 0;
    CHECK(tally_count(instance, &before, &error) == TALLY_OK);
    CHECK(tally_increment(instance, &after, &error) == TALLY_OK);
    CHECK(after == before + 1);
    tally_lock_release(lock);
  }
  return NULL;
}

static void *takes(void *given) {
  tally_lock *lock = given;
  for (;;) {
    tally_instance *instance = NULL;
    tally_error error;
    const tally_status status = tally_lock_acquire(lock, &instance, &error);
    if (status == TALLY_ERR_CLOSED) {
      return NULL;
    }
    CHECK(status == TALLY_OK);
    int32_t result = 0;
    CHECK(tally_increment(instance, &result, &error) == TALLY_OK);
    tally_lock_release(lock);
  }
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  const tally_options options = {0};
  tally_error error;
  tally_lock *lock = NULL;
  CHECK(tally_lock_new((const uint8_t *)"garbage!", 8, &options, &lock, &error) ==
        TALLY_ERR_MODULE);
  CHECK(tally_lock_new(wasm, size, &options, &lock, &error) == TALLY_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, increments, lock) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }

  // Nothing was lost.
  tally_instance *instance = NULL;
  CHECK(tally_lock_acquire_within(lock, 5000, &instance, &error) == TALLY_OK);
  int32_t count = 0;
  CHECK(tally_count(instance, &count, &error) == TALLY_OK && count == THREADS * CALLS);
  tally_instance *none = instance;
  CHECK(tally_lock_acquire_within(lock, 10, &none, &error) == TALLY_ERR_BUSY && none == NULL);

  // After a trap nothing is answered until there is a new instance.
  CHECK(tally_fail(instance, &error) == TALLY_ERR_TRAP);
  tally_lock_release(lock);
  CHECK(tally_lock_acquire(lock, &instance, &error) == TALLY_OK);
  CHECK(tally_count(instance, &count, &error) == TALLY_ERR_BROKEN);
  tally_lock_release(lock);
  CHECK(tally_lock_reset(lock, &error) == TALLY_OK);
  CHECK(tally_lock_acquire(lock, &instance, &error) == TALLY_OK);
  CHECK(tally_count(instance, &count, &error) == TALLY_OK && count == 0);
  tally_lock_release(lock);

  // Closing while threads come and go.
  for (int i = 0; i < 4; i++) {
    CHECK(pthread_create(&threads[i], NULL, takes, lock) == 0);
  }
  tally_lock_close(lock);
  for (int i = 0; i < 4; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  CHECK(tally_lock_reset(lock, &error) == TALLY_ERR_CLOSED);
  tally_lock_delete(lock);
  tally_lock_delete(NULL);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
