/** C for WAMR: a module instance with its execution environment, how a call is made, and a function an export. */
import { nameInComment } from '../../quoting.ts';
import type { NumType } from '../../signature.ts';
import { isProgram, type WrapExport } from '../../surface.ts';
import type { WrapInput } from '../../wrapInput.ts';
import { methodParameters } from '../api.ts';
import { lifeCallText } from '../calls.ts';
import { type CNames, cParameters, cResults } from '../names.ts';
import { LETTERS } from '../runtime.ts';
import { cString, fitted } from '../text.ts';
import { furtherNeeds, threadBlocks, threadFunction } from '../threads.ts';

/** Cells of 32 bits that values take. */
const cellsOf = (types: readonly NumType[]): number =>
  types.reduce((sum, type) => sum + (type === 'i64' || type === 'f64' ? 2 : 1), 0);

const letters = (types: readonly NumType[]): string => `"${types.map((type) => LETTERS[type]).join('')}"`;

/** How an instance is made, deleted and called. `spawns`: instances are threads of a first one. */
export function wamrInstance(input: WrapInput, names: CNames, spawns: boolean): string {
  const { prefix: p, upper: u } = names;
  const { surface } = input;
  const beginnings = preparation(input, names, spawns);
  const needs = spawns ? furtherNeeds(input) : undefined;
  // The runtime gives stacks.
  const thread = needs === undefined ? '' : threadFunction(needs, names, 'instance->source->first', undefined);
  const blocks = needs === undefined ? [] : threadBlocks(needs, false);
  return `
// The type of an export, to recognise another module. A letter stands for a type.
typedef struct ${p}_impl_export {
  const char *name;
  const char *params;
  const char *results;
} ${p}_impl_export;

static bool ${p}_impl_is_of_type(const wasm_valkind_t *kinds, const char *letters) {
  for (size_t i = 0; letters[i] != '\\0'; i++) {
    const char letter = kinds[i] == WASM_I32   ? 'i'
                        : kinds[i] == WASM_I64 ? 'I'
                        : kinds[i] == WASM_F32 ? 'f'
                        : kinds[i] == WASM_F64 ? 'F'
                                               : '?';
    if (letter != letters[i]) {
      return false;
    }
  }
  return true;
}

// Looks up the functions that are exported, and compares their types with those that the code was
// generated for.
static ${p}_status ${p}_impl_functions(${p}_instance *instance, ${p}_error *error) {
  static const ${p}_impl_export exports[] = {
${surface.exports.map((one) => `      {${cString(one.name)}, ${letters(one.params)}, ${letters(one.results)}},\n`).join('')}  };
  for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
    const ${p}_impl_export *one = &exports[i];
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance->module_inst, one->name);
    if (function == NULL) {
      return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module has no export", one->name);
    }
    wasm_valkind_t kinds[16];
    bool fits =
        wasm_func_get_param_count(function, instance->module_inst) == strlen(one->params) &&
        wasm_func_get_result_count(function, instance->module_inst) == strlen(one->results);
    if (fits) {
      wasm_func_get_param_types(function, instance->module_inst, kinds);
      fits = ${p}_impl_is_of_type(kinds, one->params);
    }
    if (fits) {
      wasm_func_get_result_types(function, instance->module_inst, kinds);
      fits = ${p}_impl_is_of_type(kinds, one->results);
    }
    if (!fits) {
      return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the export is of another type", one->name);
    }
    instance->functions[i] = function;
  }
  return ${u}_OK;
}
${failingCall(names)}${`${beginnings}${thread}`.includes(`${p}_impl_begin(`) ? beginText(names) : ''}${thread}
static ${p}_status ${p}_impl_instance_prepare(${p}_instance *instance,${spawns ? ' bool first,' : ''} ${p}_error *error) {
${spawns ? spawnText(names) : instantiateText(names)}  wasm_runtime_set_user_data(instance->exec_env, instance);
  ${p}_status status = ${p}_impl_functions(instance, error);
${beginnings}  return status;
}

// The lock \`making\` is held.
static void ${p}_impl_instance_free(${p}_instance *instance) {
${
  spawns
    ? `  if (instance->spawned) {
    // Its module instance goes with it.
    wasm_runtime_destroy_spawned_exec_env(instance->exec_env);
    free(instance);
    return;
  }
`
    : ''
}  if (instance->exec_env != NULL) {
    wasm_runtime_destroy_exec_env(instance->exec_env);
  }
  if (instance->module_inst != NULL) {
    wasm_runtime_deinstantiate(instance->module_inst);
  }
  free(instance);
}

static void ${p}_impl_instance_delete(${p}_instance *instance) {
  ${p}_impl_source *source = instance->source;
${blocks.length > 0 ? '  const int32_t storage = instance->storage;\n' : ''}  pthread_mutex_lock(&source->making);
  ${p}_impl_instance_free(instance);
${
  blocks.length > 0 && needs?.free !== undefined
    ? `  if (storage != 0) {
${fitted('    ', `(void)${p}_impl_begin`, ['source->first', cString(needs.free), '0', '&storage', '1', 'NULL', 'false', 'NULL'], ';')}
  }
`
    : ''
}  pthread_mutex_unlock(&source->making);
}

static ${p}_status ${p}_impl_instance_make(${p}_impl_source *source,${spawns ? ' bool first,' : ''} ${p}_instance **made, ${p}_error *error) {
  ${p}_instance *instance = calloc(1, sizeof *instance);
  if (instance == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for an instance", NULL);
  }
  instance->source = source;
  const ${p}_status status = ${p}_impl_instance_prepare(instance,${spawns ? ' first,' : ''} error);
  if (status != ${u}_OK) {
    ${p}_impl_instance_free(instance);
  } else {
    *made = instance;
  }
  return status;
}

static ${p}_status ${p}_impl_instance_new(${p}_impl_source *source, ${p}_instance **made, ${p}_error *error) {
  pthread_mutex_lock(&source->making);
${
  spawns
    ? `  ${p}_status status = ${u}_OK;
  if (source->first == NULL) {
    status = ${p}_impl_instance_make(source, true, &source->first, error);
  }
  if (status == ${u}_OK) {
    status = ${p}_impl_instance_make(source, false, made, error);
  }
`
    : `  const ${p}_status status = ${p}_impl_instance_make(source, made, error);
`
}  pthread_mutex_unlock(&source->making);
  return status;
}
${callText(names)}${surface.memory ? readWrite(names) : ''}${surface.exports.map((one, i) => method(one, i, names)).join('')}`;
}

const spawnText = (names: CNames): string => {
  const { prefix: p, upper: u } = names;
  return `  if (first) {
${instantiateText(names).replace(/^(?=.)/gm, '  ')}  } else {
    instance->exec_env = wasm_runtime_spawn_exec_env(instance->source->first->exec_env);
    instance->spawned = instance->exec_env != NULL;
    if (!instance->spawned) {
      return ${p}_impl_fail(error, ${u}_ERR_MODULE, "wasm_runtime_spawn_exec_env",
                       "too many threads, an earlier trap, or a module without a stack in memory");
    }
    instance->module_inst = wasm_runtime_get_module_inst(instance->exec_env);
  }
`;
};

const instantiateText = ({
  prefix: p,
  upper: u,
}: CNames): string => `  const uint32_t stack_size = instance->source->stack_size;
  char message[256] = "";
  instance->module_inst = wasm_runtime_instantiate(instance->source->module, stack_size, 0, message,
                                                   sizeof message);
  if (instance->module_inst == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module cannot be instantiated", message);
  }
  instance->exec_env = wasm_runtime_create_exec_env(instance->module_inst, stack_size);
  if (instance->exec_env == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "an execution environment cannot be made", NULL);
  }
`;

/** The life of the module, once the instance is there. */
function preparation(input: WrapInput, { prefix: p, upper: u }: CNames, spawns: boolean): string {
  const check = `  if (status != ${u}_OK) {\n    return status;\n  }\n`;
  if (!spawns) {
    const life = lifeCallText(input, p, 'all', '  ');
    return life === '' ? '' : check + life;
  }
  const once = lifeCallText(input, p, 'memory', '    ');
  const each = lifeCallText(input, p, 'instance', '  ');
  const initialise = once === '' ? '' : `  if (first) {\n    // It initialises the memory for all.\n${once}  }\n`;
  const thread =
    furtherNeeds(input) === undefined
      ? ''
      : `  if (!first) {\n    status = ${p}_impl_prepare_thread(instance, error);\n  }\n${check}`;
  const text = `${initialise}${thread}${each}`;
  return text === '' ? '' : check + text;
}

const failingCall = ({ prefix: p, upper: u }: CNames): string => `
// Answers for a call that failed, with what WAMR says.
static ${p}_status ${p}_impl_fail_call(${p}_instance *instance, const char *what, ${p}_error *error) {
  const char *exception = wasm_runtime_get_exception(instance->module_inst);
  const bool ended = exception != NULL && strstr(exception, "wasi proc exit") != NULL;
  ${p}_status status = ${p}_impl_fail(error, ended ? ${u}_ERR_EXIT : ${u}_ERR_TRAP, what, exception);
  if (ended && error != NULL) {
    error->exit_code = (int32_t)wasm_runtime_get_wasi_exit_code(instance->module_inst);
  }
  return status;
}
`;

const beginText = ({ prefix: p, upper: u }: CNames): string => `
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
  if (wasm_runtime_call_wasm(instance->exec_env, function, (uint32_t)nargs, cells)) {
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

const callText = ({ prefix: p, upper: u }: CNames): string => `
// Makes a call. The cells hold the arguments, then the results.
${fitted('', `static ${p}_status ${p}_impl_call`, [`${p}_instance *instance`, 'size_t which', 'uint32_t nargs', 'uint32_t *cells', `${p}_error *error`], ' {')}
  if (instance->failed) {
    return ${p}_impl_fail(error, ${u}_ERR_BROKEN, "an earlier call on the instance failed", NULL);
  }
  if (wasm_runtime_call_wasm(instance->exec_env, instance->functions[which], nargs, cells)) {
    return ${u}_OK;
  }
  instance->failed = true;
  return ${p}_impl_fail_call(instance, "the call failed", error);
}
`;

function readWrite({ prefix: p, upper: u }: CNames): string {
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

function method(one: WrapExport, which: number, { prefix: p, upper: u, methods }: CNames): string {
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
