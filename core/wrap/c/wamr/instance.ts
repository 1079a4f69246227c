/** C for WAMR: a module instance with its execution environment: how it is made and deleted. */

import { cString } from '../../../harmless/code.ts';
import type { NumType } from '../../signature.ts';
import type { WrapInput } from '../../wrapInput.ts';
import { lifeCallText } from '../calls.ts';
import type { CNames } from '../names.ts';
import { LETTERS } from '../runtime.ts';
import { fitted } from '../text.ts';
import { type FurtherNeeds, furtherNeeds, threadBlocks, threadFunction } from '../threads.ts';
import { wamrAccess, wamrBegin, wamrCall, wamrFailure, wamrMethod } from './calls.ts';

const letters = (types: readonly NumType[]): string => `"${types.map((type) => LETTERS[type]).join('')}"`;

/** What a further instance needs besides a stack, which the runtime gives it. */
function storageNeeds(input: WrapInput): FurtherNeeds | undefined {
  const needs = furtherNeeds(input);
  return needs === undefined || needs.steps.length === 0 ? undefined : needs;
}

/** How an instance is made, deleted and called. `spawns`: instances are threads of a first one. */
export function wamrInstance(input: WrapInput, names: CNames, spawns: boolean): string {
  const { prefix: p, upper: u } = names;
  const { surface } = input;
  const beginnings = preparation(input, names, spawns);
  const needs = spawns ? storageNeeds(input) : undefined;
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
${wamrFailure(names, surface.wasi)}${`${beginnings}${thread}`.includes(`${p}_impl_begin(`) ? wamrBegin(names) : ''}${thread}
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
${wamrCall(names)}${surface.memory ? wamrAccess(names) : ''}${surface.exports.map((one, i) => wamrMethod(one, i, names)).join('')}`;
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
    storageNeeds(input) === undefined
      ? ''
      : `  if (!first) {\n    status = ${p}_impl_prepare_thread(instance, error);\n  }\n${check}`;
  const text = `${initialise}${thread}${each}`;
  return text === '' ? '' : check + text;
}
