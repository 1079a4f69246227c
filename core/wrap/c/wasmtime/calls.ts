/** C for Wasmtime: how a call is made, accesses of memory, and a function an export. */
import { nameInComment } from '../../../harmless/code.ts';
import { isProgram, type WrapExport } from '../../surface.ts';
import { methodParameters } from '../api.ts';
import { type CNames, cParameters, cResults } from '../names.ts';
import { fitted } from '../text.ts';
import { kindOf } from './imports.ts';
import type { MemoryAccess } from './memoryAccess.ts';

/** The function that makes the calls of the life of a module. */
export const wasmtimeBegin = ({ prefix: p, upper: u }: CNames): string => `
// Calls an export that takes and returns integers of 32 bits, before the instance is lent. A program
// may end with exit code 0.
${fitted('', `static ${p}_status ${p}_impl_begin`, [`${p}_instance *instance`, 'const char *name', 'size_t name_size', 'const int32_t *args', 'size_t nargs', 'int32_t *result', 'bool program', `${p}_error *error`], ' {')}
  wasmtime_extern_t item;
  if (!wasmtime_instance_export_get(instance->context, &instance->instance, name, name_size,
                                    &item) ||
      item.kind != WASMTIME_EXTERN_FUNC) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module has no such function", name);
  }
  wasm_functype_t *type = wasmtime_func_type(instance->context, &item.of.func);
  const size_t nresults = wasm_functype_results(type)->size;
  wasm_functype_delete(type);
  wasmtime_val_t values[16];
  wasmtime_val_t results[16];
  if (nargs > 16 || nresults > 16) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the function is of another type", name);
  }
  for (size_t i = 0; i < nargs; i++) {
    values[i] = (wasmtime_val_t){.kind = WASMTIME_I32, .of = {.i32 = args[i]}};
  }
  wasm_trap_t *trap = NULL;
  wasmtime_error_t *cause = wasmtime_func_call(instance->context, &item.of.func, values, nargs,
                                               results, nresults, &trap);
  int exit_code = 1;
  if (program && cause != NULL && wasmtime_error_exit_status(cause, &exit_code) &&
      exit_code == 0) {
    wasmtime_error_delete(cause);
    return ${u}_OK;
  }
  if (cause != NULL || trap != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MODULE, name, cause, trap);
  }
  if (result != NULL && nresults == 1 && results[0].kind == WASMTIME_I32) {
    *result = results[0].of.i32;
  }
  return ${u}_OK;
}
`;

/** The function that sets the stack pointer of an instance. */
export const wasmtimeStack = ({ prefix: p, upper: u }: CNames): string => `
// Sets the stack pointer of an instance.
${fitted('', `static ${p}_status ${p}_impl_give_stack`, [`${p}_instance *instance`, 'const char *name', 'size_t name_size', 'int32_t top', `${p}_error *error`], ' {')}
  wasmtime_extern_t item;
  if (!wasmtime_instance_export_get(instance->context, &instance->instance, name, name_size,
                                    &item) ||
      item.kind != WASMTIME_EXTERN_GLOBAL) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module exports no stack pointer", name);
  }
  const wasmtime_val_t value = {.kind = WASMTIME_I32, .of = {.i32 = top}};
  wasmtime_error_t *cause = wasmtime_global_set(instance->context, &item.of.global, &value);
  if (cause != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MODULE, "the stack pointer cannot be set", cause, NULL);
  }
  return ${u}_OK;
}
`;

/** The function that all methods call. */
export const wasmtimeCall = ({ prefix: p, upper: u }: CNames): string => `
${fitted('', `static ${p}_status ${p}_impl_call`, [`${p}_instance *instance`, 'size_t which', 'const wasmtime_val_t *args', 'size_t nargs', 'wasmtime_val_t *results', 'size_t nresults', `${p}_error *error`], ' {')}
  if (instance->failed) {
    return ${p}_impl_fail(error, ${u}_ERR_BROKEN, "an earlier call on the instance failed", NULL);
  }
  // A call out of a host function has the deadline of the call that it is in.
  if (instance->source->ticks > 0 && instance->depth == 0) {
    wasmtime_context_set_epoch_deadline(instance->context, instance->source->ticks);
  }
  wasm_trap_t *trap = NULL;
  instance->depth++;
  wasmtime_error_t *cause = wasmtime_func_call(
      instance->context, &instance->functions[which], args, nargs, results, nresults, &trap);
  instance->depth--;
  if (cause == NULL && trap == NULL) {
    return ${u}_OK;
  }
  instance->failed = true;
  return ${p}_impl_fail_with(error, ${u}_ERR_TRAP, "the call failed", cause, trap);
}
`;

/** Reading and writing memory. */
export function wasmtimeAccess({ prefix: p, upper: u }: CNames, access: MemoryAccess): string {
  const [data, size] =
    access === 'common'
      ? [
          'wasmtime_sharedmemory_data(instance->source->linked.memories[0])',
          'wasmtime_sharedmemory_data_size(instance->source->linked.memories[0])',
        ]
      : access === 'exported-shared'
        ? ['wasmtime_sharedmemory_data(instance->shared)', 'wasmtime_sharedmemory_data_size(instance->shared)']
        : [
            'wasmtime_memory_data(instance->context, &instance->memory)',
            'wasmtime_memory_data_size(instance->context, &instance->memory)',
          ];
  const body = (copy: string, other: string): string => `  if (${other} == NULL && size > 0) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "${other} is null", NULL);
  }
  const size_t whole = ${size};
  if (size > whole || address > whole - size) {
    return ${p}_impl_fail(error, ${u}_ERR_BOUNDS, "the range is not in the memory", NULL);
  }
  if (size > 0) {
    ${copy}
  }
  return ${u}_OK;
}
`;
  return `
${fitted('', `${p}_status ${p}_memory_read`, [`${p}_instance *instance`, 'uint32_t address', 'void *to', 'size_t size', `${p}_error *error`], ' {')}
${body(`memcpy(to, ${data} + address, size);`, 'to')}
${fitted('', `${p}_status ${p}_memory_write`, [`${p}_instance *instance`, 'uint32_t address', 'const void *from', 'size_t size', `${p}_error *error`], ' {')}
${body(`memcpy(${data} + address, from, size);`, 'from')}`;
}

/** The function of an export. */
export function wasmtimeMethod(one: WrapExport, which: number, { prefix: p, upper: u, methods }: CNames): string {
  const given = cParameters(one);
  const results = cResults(one.results.length);
  const values = one.params.map((type, i) => `{.kind = ${kindOf(type)}, .of = {.${type} = ${given[i]}}}`);
  const args =
    values.length === 0
      ? ''
      : `  const wasmtime_val_t args[] = {\n${values.map((value) => `      ${value},\n`).join('')}  };\n`;
  const room = results.length === 0 ? '' : `  wasmtime_val_t results[${results.length}];\n`;
  const call = `${p}_impl_call`;
  const passed = [
    'instance',
    String(which),
    values.length === 0 ? 'NULL' : 'args',
    String(values.length),
    results.length === 0 ? 'NULL' : 'results',
    String(results.length),
    'error',
  ];
  const head = `
// ${nameInComment(one.name)}
${fitted('', `${p}_status ${methods.get(one)}`, methodParameters(one, p), ' {')}
${args}${room}`;
  if (isProgram(one))
    return `${head}  ${p}_error ended = {0};
  ${p}_status status = ${call}(instance, ${which}, NULL, 0, NULL, 0, &ended);
  instance->failed = true;
  if (status == ${u}_ERR_EXIT && ended.exit_code == 0) {
    status = ${u}_OK;
  }
  if (error != NULL && status != ${u}_OK) {
    *error = ended;
  }
  return status;
}
`;
  if (results.length === 0) return `${head}${fitted('  ', `return ${call}`, passed, ';')}\n}\n`;
  return `${head}${fitted('  ', `const ${p}_status status = ${call}`, passed, ';')}
  if (status == ${u}_OK) {
${results.map((name, i) => `    *${name} = results[${i}].of.${one.results[i]};\n`).join('')}  }
  return status;
}
`;
}
