// A pool of host_calls.wasm: what the host gets, and what comes of its failures.

#include "host_calls_pool.h"

#include "checks.h"

enum { THREADS = 8, LOANS = 100 };

// What the host functions share, guarded.
typedef struct seen {
  pthread_mutex_t mutex;
  int logged;
} seen;

static const char *log_text(void *user, host_calls_instance *instance, int32_t at, int32_t size) {
  char text[16] = "";
  host_calls_error error;
  CHECK(size < 16);
  CHECK(host_calls_memory_read(instance, (uint32_t)at, text, (size_t)size, &error) == HOST_CALLS_OK);
  CHECK(strcmp(text, "hello") == 0);
  seen *all = user;
  pthread_mutex_lock(&all->mutex);
  all->logged++;
  pthread_mutex_unlock(&all->mutex);
  return NULL;
}

static const char *scale(void *user, host_calls_instance *instance, int64_t a, float b, double c,
                         double *result) {
  (void)user;
  (void)instance;
  *result = (double)a * (double)b + c;
  return NULL;
}

static const char *again(void *user, host_calls_instance *instance, int32_t n, int32_t *result) {
  (void)user;
  host_calls_error error;
  return host_calls_down(instance, n, result, &error) == HOST_CALLS_OK ? NULL : "down failed";
}

static const char *refuse(void *user, host_calls_instance *instance) {
  (void)user;
  (void)instance;
  return "the host says no";
}

static void *calls(void *given) {
  host_calls_pool *pool = given;
  for (int i = 0; i < LOANS; i++) {
    host_calls_instance *instance = NULL;
    host_calls_error error;
    CHECK(host_calls_pool_get(pool, &instance, &error) == HOST_CALLS_OK);
    CHECK(host_calls_hello(instance, &error) == HOST_CALLS_OK);
    double scaled = 0;
    CHECK(host_calls_scaled(instance, INT64_C(-3000000000), 0.5f, 0.25, &scaled, &error) ==
          HOST_CALLS_OK);
    CHECK(scaled == -1499999999.75);
    int32_t sum = 0;
    CHECK(host_calls_down(instance, 10, &sum, &error) == HOST_CALLS_OK && sum == 55);
    if (i % 10 == 9) {
      CHECK(host_calls_refused(instance, &error) == HOST_CALLS_ERR_TRAP);
      CHECK(strstr(error.message, "the host says no") != NULL);
      CHECK(host_calls_down(instance, 1, &sum, &error) == HOST_CALLS_ERR_BROKEN);
    }
    host_calls_pool_put(instance);
  }
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  seen all = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  host_calls_imports imports = {.user = &all, .env_log = log_text, .env_scale = scale};
  host_calls_options options = {.imports = &imports};
  host_calls_error error;
  host_calls_pool *pool = NULL;
  CHECK(host_calls_pool_new(wasm, size, 3, &options, &pool, &error) == HOST_CALLS_ERR_ARGUMENT);
  CHECK(strstr(error.message, "env_again") != NULL);
  imports.env_again = again;
  imports.env_refuse = refuse;
  CHECK(host_calls_pool_new(wasm, size, 3, &options, &pool, &error) == HOST_CALLS_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, calls, pool) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  CHECK(all.logged == THREADS * LOANS);
  host_calls_pool_delete(pool);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
