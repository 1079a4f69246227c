// A pool over one shared memory: every instance has a stack and thread-local storage of its own.

#include "threads_pool.h"

#include "checks.h"

enum { THREADS = 4, CALLS = 300 };

typedef struct one {
  threads_instance *instance;
  int32_t value;
} one;

static void *frames(void *given) {
  const one *own = given;
  for (int i = 0; i < CALLS; i++) {
    int32_t overlaps = 0;
    threads_error error;
    CHECK(threads_frame(own->instance, own->value, &overlaps, &error) == THREADS_OK);
    CHECK(overlaps == 0);
    int32_t block = 0;
    CHECK(threads_malloc(own->instance, 8, &block, &error) == THREADS_OK && block != 0);
  }
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
  wasm_runtime_set_max_thread_num(THREADS);
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  const threads_options options = {0};
  threads_error error;
  threads_pool *pool = NULL;
  CHECK(threads_pool_new(wasm, size, THREADS, &options, &pool, &error) == THREADS_OK);
  one all[THREADS];
  int32_t storages[THREADS];
  for (int i = 0; i < THREADS; i++) {
    const threads_status status = threads_pool_get(pool, &all[i].instance, &error);
    if (status != THREADS_OK) {
      fprintf(stderr, "%s\n", error.message);
    }
    CHECK(status == THREADS_OK);
    all[i].value = i + 100;
    CHECK(threads_storage(all[i].instance, &storages[i], &error) == THREADS_OK);
    CHECK(storages[i] != 0 && storages[i] % 32 == 0);
    for (int j = 0; j < i; j++) {
      CHECK(storages[i] != storages[j]);
    }
    int32_t value = 0;
    CHECK(threads_memory_read(all[i].instance, (uint32_t)storages[i], &value, 4, &error) ==
          THREADS_OK);
    CHECK(value == 5);
  }
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, frames, &all[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  for (int i = THREADS - 1; i >= 0; i--) {
    threads_pool_put(all[i].instance);
  }
  threads_pool_delete(pool);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
