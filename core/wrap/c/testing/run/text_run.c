// A pool of text.wasm: functions that take and answer bytes.

#include "text_pool.h"

#include "checks.h"

enum { THREADS = 8, LOANS = 200 };

static void *greets(void *given) {
  text_pool *pool = given;
  for (int i = 0; i < LOANS; i++) {
    char name[12];
    char expected[24];
    const int size = snprintf(name, sizeof name, "n%d", i * 37);
    snprintf(expected, sizeof expected, "Hello, %s", name);
    text_instance *instance = NULL;
    text_error error;
    CHECK(text_pool_get(pool, &instance, &error) == TEXT_OK);
    void *answer = NULL;
    size_t answer_size = 0;
    CHECK(text_greet_bytes(instance, name, (size_t)size, &answer, &answer_size, &error) == TEXT_OK);
    CHECK(answer_size == strlen(expected) && strcmp(answer, expected) == 0);
    free(answer);
    int32_t sum = 0;
    CHECK(text_checksum_bytes(instance, "\1\2\3", 3, &sum, &error) == TEXT_OK && sum == 6);
    char filled[5] = "abcd";
    CHECK(text_fill_bytes(instance, filled, 4, 'x', &error) == TEXT_OK);
    CHECK(strcmp(filled, "xxxx") == 0);
    int32_t joined = 0;
    CHECK(text_join_bytes(instance, "ab", 2, "cde", 3, &joined, &error) == TEXT_OK && joined == 5);
    // Nothing is left behind.
    int32_t live = -1;
    CHECK(text_live(instance, &live, &error) == TEXT_OK && live == 0);
    text_pool_put(instance);
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
  const text_options options = {0};
  text_error error;
  text_pool *pool = NULL;
  CHECK(text_pool_new(wasm, size, 3, &options, &pool, &error) == TEXT_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, greets, pool) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  text_instance *instance = NULL;
  CHECK(text_pool_get(pool, &instance, &error) == TEXT_OK);
  void *answer = NULL;
  size_t answer_size = 0;

  // No bytes at all.
  CHECK(text_greet_bytes(instance, NULL, 0, &answer, &answer_size, &error) == TEXT_OK);
  CHECK(answer_size == 7 && strcmp(answer, "Hello, ") == 0);
  free(answer);
  answer = NULL;

  // More than the module has room for: the instance stays as it is, also if the second of two fails.
  char *large = calloc(1, 100000);
  CHECK(large != NULL);
  CHECK(text_greet_bytes(instance, large, 100000, &answer, &answer_size, &error) ==
        TEXT_ERR_MEMORY);
  int32_t number = 0;
  CHECK(text_join_bytes(instance, "ab", 2, large, 100000, &number, &error) == TEXT_ERR_MEMORY);
  free(large);
  CHECK(text_live(instance, &number, &error) == TEXT_OK && number == 0);
  CHECK(text_greet_bytes(instance, NULL, 1, &answer, &answer_size, &error) == TEXT_ERR_ARGUMENT);

  // A trap in between.
  CHECK(text_greet_bytes(instance, "thirteen char", 13, &answer, &answer_size, &error) ==
        TEXT_ERR_TRAP);
  CHECK(answer == NULL && strstr(error.message, "unreachable") != NULL);
  CHECK(text_greet_bytes(instance, "a", 1, &answer, &answer_size, &error) == TEXT_ERR_BROKEN);
  text_pool_put(instance);
  text_pool_delete(pool);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
