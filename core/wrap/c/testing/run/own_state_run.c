// A pool of own-state.wasm, which imports memory, a table and a global: every instance has its own.

#include "own_state_pool.h"

#include "checks.h"

enum { THREADS = 8, LOANS = 50 };

// The global begins at 100: over the one that is there, which begins at 0.
static wasmtime_error_t *link_global(void *user, wasmtime_linker_t *linker,
                                     wasmtime_context_t *context) {
  ++*(int *)user;
  wasmtime_extern_t item = {.kind = WASMTIME_EXTERN_GLOBAL};
  wasm_globaltype_t *type = wasm_globaltype_new(wasm_valtype_new_i32(), WASM_VAR);
  const wasmtime_val_t value = {.kind = WASMTIME_I32, .of = {.i32 = 100}};
  wasmtime_error_t *cause = wasmtime_global_new(context, type, &value, &item.of.global);
  wasm_globaltype_delete(type);
  return cause != NULL ? cause
                       : wasmtime_linker_define(linker, context, "env", 3, "__stack_pointer", 15,
                                                &item);
}

static void *steps(void *given) {
  own_state_pool *pool = given;
  for (int i = 0; i < LOANS; i++) {
    own_state_instance *instance = NULL;
    own_state_error error;
    CHECK(own_state_pool_get(pool, &instance, &error) == OWN_STATE_OK);
    int32_t first = 0;
    int32_t second = 0;
    CHECK(own_state_step(instance, 3, &first, &error) == OWN_STATE_OK);
    CHECK(own_state_step(instance, 3, &second, &error) == OWN_STATE_OK);
    CHECK(second == first + 3);
    own_state_pool_put(instance);
  }
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  size_t size = 0;
  uint8_t *wasm = contents(argv[1], &size);
  own_state_options options = {0};
  own_state_error error;
  own_state_pool *pool = NULL;
  CHECK(own_state_pool_new(wasm, size, 4, &options, &pool, &error) == OWN_STATE_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_create(&threads[i], NULL, steps, pool) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  own_state_pool_delete(pool);

  int linked = 0;
  options.user = &linked;
  options.link = link_global;
  CHECK(own_state_pool_new(wasm, size, 1, &options, &pool, &error) == OWN_STATE_OK);
  own_state_instance *instance = NULL;
  CHECK(own_state_pool_get(pool, &instance, &error) == OWN_STATE_OK && linked == 1);
  int32_t result = 0;
  // The module finds that the global and the memory differ.
  CHECK(own_state_step(instance, 1, &result, &error) == OWN_STATE_ERR_TRAP);
  own_state_pool_put(instance);
  own_state_pool_delete(pool);
  free(wasm);
  return 0;
}
