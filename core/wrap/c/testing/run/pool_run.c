// A pool of tally.wasm, used by eight threads.

#include "tally_pool.h"

#include "checks.h"

enum { THREADS = 8, LOANS = 300 };

static void *increments(void *given) {
  tally_pool *pool = given;
  for (int i = 0; i < LOANS; i++) {
    tally_instance *instance = NULL;
    tally_error error;
    CHECK(tally_pool_get(pool, &instance, &error) == TALLY_OK);
    int32_t first = 0;
    int32_t second = 0;
    CHECK(tally_increment(instance, &first, &error) == TALLY_OK);
    CHECK(tally_increment(instance, &second, &error) == TALLY_OK);
    CHECK(second == first + 1);
    if (i % 50 == 49) {
      CHECK(tally_fail(instance, &error) == TALLY_ERR_TRAP);
      CHECK(strstr(error.message, "unreachable") != NULL);
      CHECK(tally_count(instance, &first, &error) == TALLY_ERR_BROKEN);
    }
    tally_pool_put(instance);
  }
  return NULL;
}

// Takes instances until the pool is closed.
static void *takes(void *given) {
  tally_pool *pool = given;
  for (;;) {
    tally_instance *instance = NULL;
    tally_error error;
    const tally_status status = tally_pool_get(pool, &instance, &error);
    if (status == TALLY_ERR_CLOSED) {
      return NULL;
    }
    CHECK(status == TALLY_OK);
    int32_t result = 0;
    CHECK(tally_increment(instance, &result, &error) == TALLY_OK);
    tally_pool_put(instance);
  }
}

static void *closes(void *given) {
  tally_pool_close(given);
  return NULL;
}

#ifndef WAMR
static void *ticks(void *given) {
  for (int i = 0; i < 1000; i++) {
    tally_pool_tick(given);
    const struct timespec pause = {.tv_nsec = 1000000};
    nanosleep(&pause, NULL);
  }
  return NULL;
}
#endif

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  tally_options options = {0};
  tally_error error;
  tally_pool *pool = NULL;

  CHECK(tally_pool_new(wasm, size, 0, &options, &pool, &error) == TALLY_ERR_ARGUMENT);
  CHECK(tally_pool_new(NULL, 0, 1, &options, &pool, &error) == TALLY_ERR_ARGUMENT);
  CHECK(tally_pool_new((const uint8_t *)"garbage!", 8, 1, &options, &pool, NULL) ==
        TALLY_ERR_MODULE);
  CHECK(tally_pool_new((const uint8_t *)"garbage!", 8, 1, &options, &pool, &error) ==
        TALLY_ERR_MODULE);
  CHECK(error.status == TALLY_ERR_MODULE && error.message[0] != '\0');
  CHECK(pool == NULL);

  CHECK(tally_pool_new(wasm, size, 3, &options, &pool, &error) == TALLY_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, increments, pool) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  tally_instance *lent[3];
  for (int i = 0; i < 3; i++) {
    CHECK(tally_pool_get_within(pool, 5000, &lent[i], &error) == TALLY_OK);
  }
  tally_instance *none = lent[0];
  CHECK(tally_pool_get_within(pool, 10, &none, &error) == TALLY_ERR_BUSY && none == NULL);

  // Memory.
  uint8_t bytes[4] = {1, 2, 3, 4};
  CHECK(tally_memory_write(lent[0], 100, bytes, 4, &error) == TALLY_OK);
  memset(bytes, 0, sizeof bytes);
  CHECK(tally_memory_read(lent[0], 100, bytes, 4, &error) == TALLY_OK && bytes[3] == 4);
  CHECK(tally_memory_read(lent[0], 65533, bytes, 4, &error) == TALLY_ERR_BOUNDS);
  CHECK(tally_memory_write(lent[0], UINT32_MAX, bytes, 4, &error) == TALLY_ERR_BOUNDS);
  CHECK(tally_memory_read(lent[0], 65532, bytes, 4, &error) == TALLY_OK);
  int32_t count = 0;
  CHECK(tally_count(lent[0], &count, &error) == TALLY_OK);

  // Closing waits for what is lent.
  pthread_t closer;
  CHECK(pthread_create(&closer, NULL, closes, pool) == 0);
  while (tally_pool_get_within(pool, 1, &none, &error) != TALLY_ERR_CLOSED) {
    CHECK(error.status == TALLY_ERR_BUSY);
  }
  CHECK(tally_increment(lent[1], &count, &error) == TALLY_OK);
  for (int i = 2; i >= 0; i--) {
    tally_pool_put(lent[i]);
  }
  CHECK(pthread_join(closer, NULL) == 0);
  tally_pool_close(pool);
  tally_pool_delete(pool);
  tally_pool_delete(NULL);
  tally_pool_put(NULL);

  // Closing while threads come and go.
  for (int round = 0; round < 50; round++) {
    CHECK(tally_pool_new(wasm, size, 2, &options, &pool, &error) == TALLY_OK);
    for (int i = 0; i < 4; i++) {
      CHECK(pthread_create(&threads[i], NULL, takes, pool) == 0);
    }
    tally_pool_close(pool);
    for (int i = 0; i < 4; i++) {
      CHECK(pthread_join(threads[i], NULL) == 0);
    }
    tally_pool_delete(pool);
  }

#ifndef WAMR
  // A deadline ends a call that never returns.
  options.ticks = 3;
  CHECK(tally_pool_new(wasm, size, 1, &options, &pool, &error) == TALLY_OK);
  pthread_t ticker;
  CHECK(pthread_create(&ticker, NULL, ticks, pool) == 0);
  tally_instance *instance = NULL;
  CHECK(tally_pool_get(pool, &instance, &error) == TALLY_OK);
  CHECK(tally_spin(instance, &error) == TALLY_ERR_TRAP);
  tally_pool_put(instance);
  CHECK(pthread_join(ticker, NULL) == 0);
  tally_pool_delete(pool);
#endif
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
