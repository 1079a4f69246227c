/** C for WAMR: how a call is made and what its failure answers, accesses of memory, and a function an export. */
import { nameInComment } from '../../../harmless/code.ts';
import type { NumType } from '../../signature.ts';
import { isProgram, type WrapExport } from '../../surface.ts';
import { methodParameters } from '../api.ts';
import { type CNames, cParameters, cResults } from '../names.ts';
import { fitted } from '../text.ts';

/** Cells of 32 bits that values take. */
const cellsOf = (types: readonly NumType[]): number =>
  types.reduce((sum, type) => sum + (type === 'i64' || type === 'f64' ? 2 : 1), 0);

/** How a call is made and what its failure answers; `wasi`: the module can end itself. */
export const wamrFailure = ({ prefix: p, upper: u }: CNames, wasi: boolean): string => `
// Makes a call, and answers whether it returned. The cells hold the arguments, then the results.
static bool ${p}_impl_returned(${p}_instance *instance, wasm_function_inst_t function, uint32_t nargs, uint32_t *cells) {
${
  wasi
    ? `  // WAMR takes the end of the module with proc_exit for a return: only an exit code tells, unless it
  // is 0.
  return wasm_runtime_call_wasm(instance->exec_env, function, nargs, cells) &&
         wasm_runtime_get_wasi_exit_code(instance->module_inst) == 0;
`
    : `  return wasm_runtime_call_wasm(instance->exec_env, function, nargs, cells);
`
}}

// Answers for a call that did not return, with what WAMR says.
static ${p}_status ${p}_impl_fail_call(${p}_instance *instance, const char *what, ${p}_error *error) {
  const char *exception = wasm_runtime_get_exception(instance->module_inst);
${
  wasi
    ? `  if (exception == NULL || strstr(exception, "wasi proc exit") != NULL) {
    ${p}_status status = ${p}_impl_fail(error, ${u}_ERR_EXIT, what, "the module ended itself");
    if (error != NULL) {
      error->exit_code = (int32_t)wasm_runtime_get_wasi_exit_code(instance->module_inst);
    }
    return status;
  }
`
    : ''
}  return ${p}_impl_fail(error, ${u}_ERR_TRAP, what, exception);
}
`;

/** The function that makes the calls of the life of a module. */
export const wamrBegin = ({ prefix: p, upper: u }: CNames): string => `
// Calls an export that takes and returns integers of 32 bits, before the instance is lent. A program
// may end with exit code 0.
${fitted('', `static ${p}_status ${p}_impl_begin`, [`${p}_instance *instance`, 'const char *name', 'size_t name_size', 'const int32_t *args', 'size_t nargs', 'int32_t *result', 'bool program', `${p}_error *error`], ' {')}
  (void)name_size;
  wasm_function_inst_t function = wasm_runtime_lookup_function(instance->module_inst, name);
  if (function == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module has no such function", name);
  }
  const uint32_t nresults = wasm_func_get_result_count(function, instance->module_inst);
  uint32_t cells[32] = {0};
  if (nargs > 16 || nresults > 16 ||
      wasm_func_get_param_count(function, instance->module_inst) != nargs) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the function is of another type", name);
  }
  for (size_t i = 0; i < nargs; i++) {
    cells[i] = (uint32_t)args[i];
  }
  if (${p}_impl_returned(instance, function, (uint32_t)nargs, cells)) {
    if (result != NULL && nresults == 1) {
      memcpy(result, cells, sizeof *result);
    }
    return ${u}_OK;
  }
  ${p}_error failed = {0};
  const ${p}_status status = ${p}_impl_fail_call(instance, name, &failed);
  if (program && status == ${u}_ERR_EXIT && failed.exit_code == 0) {
    wasm_runtime_clear_exception(instance->module_inst);
    return ${u}_OK;
  }
  if (error != NULL) {
    *error = failed;
  }
  return status;
}
`;

/** The function that all methods call. */
export const wamrCall = ({ prefix: p, upper: u }: CNames): string => `
// Makes a call, unless an earlier one failed.
${fitted('', `static ${p}_status ${p}_impl_call`, [`${p}_instance *instance`, 'size_t which', 'uint32_t nargs', 'uint32_t *cells', `${p}_error *error`], ' {')}
  if (instance->failed) {
    return ${p}_impl_fail(error, ${u}_ERR_BROKEN, "an earlier call on the instance failed", NULL);
  }
  if (${p}_impl_returned(instance, instance->functions[which], nargs, cells)) {
    return ${u}_OK;
  }
  instance->failed = true;
  return ${p}_impl_fail_call(instance, "the call failed", error);
}
`;

/** Reading and writing memory. */
export function wamrAccess({ prefix: p, upper: u }: CNames): string {
  const body = (copy: string, other: string): string => `  if (${other} == NULL && size > 0) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "${other} is null", NULL);
  }
  if (size == 0) {
    return ${u}_OK;
  }
  if (size > UINT32_MAX - address ||
      !wasm_runtime_validate_app_addr(instance->module_inst, address, (uint32_t)size)) {
    // The check leaves an exception behind, as a call would.
    wasm_runtime_clear_exception(instance->module_inst);
    return ${p}_impl_fail(error, ${u}_ERR_BOUNDS, "the range is not in the memory", NULL);
  }
  ${copy}
  return ${u}_OK;
}
`;
  const at = 'wasm_runtime_addr_app_to_native(instance->module_inst, address)';
  return `
${fitted('', `${p}_status ${p}_memory_read`, [`${p}_instance *instance`, 'uint32_t address', 'void *to', 'size_t size', `${p}_error *error`], ' {')}
${body(`memcpy(to, ${at}, size);`, 'to')}
${fitted('', `${p}_status ${p}_memory_write`, [`${p}_instance *instance`, 'uint32_t address', 'const void *from', 'size_t size', `${p}_error *error`], ' {')}
${body(`memcpy(${at}, from, size);`, 'from')}`;
}

/** The function of an export. */
export function wamrMethod(one: WrapExport, which: number, { prefix: p, upper: u, methods }: CNames): string {
  const given = cParameters(one);
  const results = cResults(one.results.length);
  const size = Math.max(1, cellsOf(one.params), cellsOf(one.results));
  const at = (types: readonly NumType[], i: number): number => cellsOf(types.slice(0, i));
  const write = one.params.map((_, i) => `  memcpy(&cells[${at(one.params, i)}], &${given[i]}, sizeof ${given[i]});\n`);
  const read = results.map((name, i) => `    memcpy(${name}, &cells[${at(one.results, i)}], sizeof *${name});\n`);
  const head = `
// ${nameInComment(one.name)}
${fitted('', `${p}_status ${methods.get(one)}`, methodParameters(one, p), ' {')}
  uint32_t cells[${size}] = {0};
${write.join('')}`;
  if (isProgram(one))
    return `${head}  ${p}_error ended = {0};
  ${p}_status status = ${p}_impl_call(instance, ${which}, 0, cells, &ended);
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
  const call = `${p}_impl_call(instance, ${which}, ${cellsOf(one.params)}, cells, error)`;
  if (results.length === 0) return `${head}  return ${call};\n}\n`;
  return `${head}  const ${p}_status status = ${call};
  if (status == ${u}_OK) {
${read.join('')}  }
  return status;
}
`;
}
