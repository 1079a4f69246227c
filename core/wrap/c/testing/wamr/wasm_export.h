// Declarations of what generated code uses of WAMR 2, written after the documentation of its
// wasm_export.h: no package registry has the header of a current version. Not the runtime's own file.

#ifndef TESTING_WASM_EXPORT_H
#define TESTING_WASM_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct WASMModuleCommon *wasm_module_t;
typedef struct WASMModuleInstanceCommon *wasm_module_inst_t;
typedef struct WASMExecEnv *wasm_exec_env_t;
typedef void *wasm_function_inst_t;

typedef uint8_t wasm_valkind_t;
enum { WASM_I32, WASM_I64, WASM_F32, WASM_F64 };

typedef struct NativeSymbol {
  const char *symbol;
  void *func_ptr;
  const char *signature;
  void *attachment;
} NativeSymbol;

// The runtime and its threads.
bool wasm_runtime_init(void);
void wasm_runtime_destroy(void);
bool wasm_runtime_init_thread_env(void);
void wasm_runtime_destroy_thread_env(void);
bool wasm_runtime_thread_env_inited(void);
void wasm_runtime_set_max_thread_num(uint32_t count);

// Modules and their instances.
wasm_module_t wasm_runtime_load(uint8_t *bytes, uint32_t size, char *error, uint32_t error_size);
void wasm_runtime_unload(wasm_module_t module);
wasm_module_inst_t wasm_runtime_instantiate(const wasm_module_t module, uint32_t stack_size,
                                            uint32_t heap_size, char *error, uint32_t error_size);
void wasm_runtime_deinstantiate(wasm_module_inst_t instance);
uint32_t wasm_runtime_get_wasi_exit_code(wasm_module_inst_t instance);
wasm_function_inst_t wasm_runtime_lookup_function(const wasm_module_inst_t instance,
                                                  const char *name);
uint32_t wasm_func_get_param_count(const wasm_function_inst_t function,
                                   const wasm_module_inst_t instance);
uint32_t wasm_func_get_result_count(const wasm_function_inst_t function,
                                    const wasm_module_inst_t instance);
void wasm_func_get_param_types(const wasm_function_inst_t function,
                               const wasm_module_inst_t instance, wasm_valkind_t *types);
void wasm_func_get_result_types(const wasm_function_inst_t function,
                                const wasm_module_inst_t instance, wasm_valkind_t *types);

// Execution environments and calls.
wasm_exec_env_t wasm_runtime_create_exec_env(wasm_module_inst_t instance, uint32_t stack_size);
void wasm_runtime_destroy_exec_env(wasm_exec_env_t exec_env);
wasm_exec_env_t wasm_runtime_spawn_exec_env(wasm_exec_env_t exec_env);
void wasm_runtime_destroy_spawned_exec_env(wasm_exec_env_t exec_env);
wasm_module_inst_t wasm_runtime_get_module_inst(wasm_exec_env_t exec_env);
void wasm_runtime_set_user_data(wasm_exec_env_t exec_env, void *data);
void *wasm_runtime_get_user_data(wasm_exec_env_t exec_env);
void *wasm_runtime_get_function_attachment(wasm_exec_env_t exec_env);
bool wasm_runtime_call_wasm(wasm_exec_env_t exec_env, wasm_function_inst_t function,
                            uint32_t count, uint32_t cells[]);
const char *wasm_runtime_get_exception(wasm_module_inst_t instance);
void wasm_runtime_set_exception(wasm_module_inst_t instance, const char *exception);
void wasm_runtime_clear_exception(wasm_module_inst_t instance);

// Memory.
bool wasm_runtime_validate_app_addr(wasm_module_inst_t instance, uint64_t address, uint64_t size);
void *wasm_runtime_addr_app_to_native(wasm_module_inst_t instance, uint64_t address);

// Native functions.
bool wasm_runtime_register_natives_raw(const char *module, NativeSymbol *symbols, uint32_t count);
bool wasm_runtime_unregister_natives(const char *module, NativeSymbol *symbols);

#endif
