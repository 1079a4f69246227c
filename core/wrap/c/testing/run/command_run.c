// A pool of command.wasm: a program runs once in an instance, and exit code 0 is no error.

#include "command_pool.h"

#include "checks.h"

#ifndef WAMR
static void counts(void *user, wasi_config_t *config) {
  (void)config;
  ++*(int *)user;
}
#endif

int main(int argc, char **argv) {
  CHECK(argc == 2);
#ifdef WAMR
  CHECK(wasm_runtime_init());
#endif
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  command_options options = {0};
#ifndef WAMR
  int configured = 0;
  options.user = &configured;
  options.configure_wasi = counts;
#endif
  command_error error;
  command_pool *pool = NULL;
  CHECK(command_pool_new(wasm, size, 1, &options, &pool, &error) == COMMAND_OK);
  for (int i = 0; i < 3; i++) {
    command_instance *instance = NULL;
    CHECK(command_pool_get(pool, &instance, &error) == COMMAND_OK);
    CHECK(command_start(instance, &error) == COMMAND_OK);
    int32_t done = 0;
    CHECK(command_memory_read(instance, 16, &done, sizeof done, &error) == COMMAND_OK && done == 7);
    CHECK(command_start(instance, &error) == COMMAND_ERR_BROKEN);
    command_pool_put(instance);
  }
#ifndef WAMR
  CHECK(configured == 3);
#endif
  command_pool_delete(pool);
  free(wasm);
#ifdef WAMR
  wasm_runtime_destroy();
#endif
  return 0;
}
