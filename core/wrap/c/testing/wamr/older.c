// What generated code uses of WAMR 2 and the version of the crate wamr-sys does not have: so that the
// code runs on a real WAMR, though on an older one. Built with the headers inside that runtime.

#include <stdlib.h>
#include <string.h>

#include "wasm_runtime.h"

// Linked with --wrap: the older function has a third parameter, which is not used.
wasm_function_inst_t __real_wasm_runtime_lookup_function(wasm_module_inst_t instance,
                                                         const char *name, const char *signature);

wasm_function_inst_t __wrap_wasm_runtime_lookup_function(wasm_module_inst_t instance,
                                                         const char *name) {
  return __real_wasm_runtime_lookup_function(instance, name, NULL);
}

static const WASMType *type_of(wasm_function_inst_t function) {
  const WASMFunctionInstance *one = function;
  return one->is_import_func ? one->u.func_import->func_type : one->u.func->func_type;
}

// As in the binary format: 0x7f is i32, 0x7c is f64.
static void copy_types(const uint8 *from, uint32_t count, uint8_t *to) {
  for (uint32_t i = 0; i < count; i++) {
    to[i] = (uint8_t)(0x7f - from[i]);
  }
}

uint32_t wasm_func_get_param_count(wasm_function_inst_t function, wasm_module_inst_t instance) {
  (void)instance;
  return type_of(function)->param_count;
}

uint32_t wasm_func_get_result_count(wasm_function_inst_t function, wasm_module_inst_t instance) {
  (void)instance;
  return type_of(function)->result_count;
}

void wasm_func_get_param_types(wasm_function_inst_t function, wasm_module_inst_t instance,
                               uint8_t *types) {
  (void)instance;
  copy_types(type_of(function)->types, type_of(function)->param_count, types);
}

void wasm_func_get_result_types(wasm_function_inst_t function, wasm_module_inst_t instance,
                                uint8_t *types) {
  (void)instance;
  const WASMType *type = type_of(function);
  copy_types(type->types + type->param_count, type->result_count, types);
}

// The older runtime knows of no threads to be announced.
bool wasm_runtime_init_thread_env(void) {
  return true;
}

void wasm_runtime_destroy_thread_env(void) {
}

bool wasm_runtime_thread_env_inited(void) {
  return false;
}

// It never forgets native functions, and takes the first of a name: it gets copies, whose names go.
// One thread at a time registers and unregisters, as with the runtime itself.
bool __real_wasm_runtime_register_natives_raw(const char *module, NativeSymbol *symbols,
                                              uint32_t count);

typedef struct registered {
  const NativeSymbol *of;
  NativeSymbol *copy;
  uint32_t count;
  struct registered *next;
} registered;

static registered *all;

bool __wrap_wasm_runtime_register_natives_raw(const char *module, NativeSymbol *symbols,
                                              uint32_t count) {
  NativeSymbol *copy = malloc(count * sizeof *copy);
  registered *row = malloc(sizeof *row);
  if (copy == NULL || row == NULL) {
    free(copy);
    free(row);
    return false;
  }
  memcpy(copy, symbols, count * sizeof *copy);
  *row = (registered){.of = symbols, .copy = copy, .count = count, .next = all};
  all = row;
  return __real_wasm_runtime_register_natives_raw(module, copy, count);
}

bool wasm_runtime_unregister_natives(const char *module, NativeSymbol *symbols) {
  (void)module;
  for (registered *row = all; row != NULL; row = row->next) {
    if (row->of == symbols) {
      for (uint32_t i = 0; i < row->count; i++) {
        row->copy[i].symbol = " forgotten";
      }
      row->of = NULL;
      return true;
    }
  }
  return false;
}

// It does not keep the exit code of a program.
uint32_t wasm_runtime_get_wasi_exit_code(wasm_module_inst_t instance) {
  (void)instance;
  return 0;
}
