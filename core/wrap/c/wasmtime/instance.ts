/** C for Wasmtime: a store with an instance in it: how it is made and deleted. */
import type { WrapInput } from '../../wrapInput.ts';
import { lifeCallText } from '../calls.ts';
import type { CNames } from '../names.ts';
import { LETTERS } from '../runtime.ts';
import { cName, fitted, isPlainName } from '../text.ts';
import { type FurtherNeeds, threadBlocks, threadFunction } from '../threads.ts';
import { wasmtimeAccess, wasmtimeBegin, wasmtimeCall, wasmtimeMethod, wasmtimeStack } from './calls.ts';
import { isLinkedEach, ownState, stateOfInstances } from './imports.ts';
import { type MemoryAccess, memoryAccess } from './memoryAccess.ts';

/** The structure of an instance, how it is made and deleted. */
export function wasmtimeInstance(input: WrapInput, names: CNames, needs: FurtherNeeds | undefined): string {
  const { prefix: p, upper: u } = names;
  const { surface } = input;
  const access = memoryAccess(input);
  const beginnings = preparation(input, names, needs);
  const thread = needs === undefined ? '' : threadText(needs, names);
  const blocks = needs === undefined ? [] : threadBlocks(needs, true);
  return `
// The type of an export, to recognise another module. A letter stands for a type.
typedef struct ${p}_impl_export {
  const char *name;
  size_t name_size;
  const char *params;
  const char *results;
} ${p}_impl_export;

static bool ${p}_impl_is_of_type(const wasm_valtype_vec_t *types, const char *letters) {
  if (types->size != strlen(letters)) {
    return false;
  }
  for (size_t i = 0; i < types->size; i++) {
    const wasm_valkind_t kind = wasm_valtype_kind(types->data[i]);
    const char letter = kind == WASM_I32   ? 'i'
                        : kind == WASM_I64 ? 'I'
                        : kind == WASM_F32 ? 'f'
                        : kind == WASM_F64 ? 'F'
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
  ${surface.exports.every(({ name }) => isPlainName(name)) ? 'static ' : ''}const ${p}_impl_export exports[] = {
${surface.exports
  .map(
    (one) =>
      `${fitted('      ', '', [cName(one.name), letters(one.params), letters(one.results)], ',')
        .replace('(', '{')
        .replace(/\),$/, '},')}\n`,
  )
  .join('')}  };
  for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(instance->context, &instance->instance, exports[i].name,
                                      exports[i].name_size, &item)) {
      return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module has no export", exports[i].name);
    }
    bool fits = item.kind == WASMTIME_EXTERN_FUNC;
    if (fits) {
      wasm_functype_t *type = wasmtime_func_type(instance->context, &item.of.func);
      fits = ${p}_impl_is_of_type(wasm_functype_params(type), exports[i].params) &&
             ${p}_impl_is_of_type(wasm_functype_results(type), exports[i].results);
      wasm_functype_delete(type);
      instance->functions[i] = item.of.func;
    }
    wasmtime_extern_delete(&item);
    if (!fits) {
      return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the export is of another type", exports[i].name);
    }
  }
  return ${u}_OK;
}
${`${beginnings}${thread}`.includes(`${p}_impl_begin(`) ? wasmtimeBegin(names) : ''}${thread.includes(`${p}_impl_give_stack(`) ? wasmtimeStack(names) : ''}${thread}
static ${p}_status ${p}_impl_instance_prepare(${p}_instance *instance,${surface.commonMemory ? ' bool first,' : ''} ${p}_error *error) {${surface.commonMemory && !beginnings.includes('first') ? '\n  (void)first;' : ''}
  ${p}_impl_source *source = instance->source;
  wasmtime_error_t *cause = NULL;
  wasm_trap_t *trap = NULL;
${surface.wasi ? wasiText(names) : ''}  if (source->ticks > 0) {
    wasmtime_context_set_epoch_deadline(instance->context, source->ticks);
  }
${isLinkedEach(surface) ? linkedText(names) : '  cause = wasmtime_instance_pre_instantiate(source->linked.ready, instance->context, &instance->instance, &trap);\n'}  if (cause != NULL || trap != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MODULE, "the module cannot be instantiated", cause, trap);
  }
${memoryText(input, names, access)}  ${p}_status status = ${p}_impl_functions(instance, error);
${beginnings}  return status;
}

static void ${p}_impl_instance_${blocks.length > 0 ? 'free' : 'delete'}(${p}_instance *instance) {
${access === 'exported-shared' ? '  if (instance->shared != NULL) {\n    wasmtime_sharedmemory_delete(instance->shared);\n  }\n' : ''}  wasmtime_store_delete(instance->store);
  free(instance);
}
${blocks.length > 0 && needs?.free !== undefined ? deleteText(names, needs.free, blocks) : ''}
static ${p}_status ${p}_impl_instance_${surface.commonMemory ? 'make' : 'new'}(${p}_impl_source *source,${surface.commonMemory ? ' bool first,' : ''} ${p}_instance **made, ${p}_error *error) {
  ${p}_instance *instance = calloc(1, sizeof *instance);
  if (instance == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for an instance", NULL);
  }
  instance->source = source;
  instance->store = wasmtime_store_new(source->engine, instance, NULL);
  instance->context = wasmtime_store_context(instance->store);
  const ${p}_status status = ${p}_impl_instance_prepare(instance,${surface.commonMemory ? ' first,' : ''} error);
  if (status != ${u}_OK) {
    ${p}_impl_instance_${blocks.length > 0 ? 'free' : 'delete'}(instance);
    return status;
  }
  *made = instance;
  return ${u}_OK;
}
${
  surface.commonMemory
    ? `
static ${p}_status ${p}_impl_instance_new(${p}_impl_source *source, ${p}_instance **made, ${p}_error *error) {
  pthread_mutex_lock(&source->making);
${
  needs === undefined
    ? `  const ${p}_status status = ${p}_impl_instance_make(source, !source->linked.begun, made, error);
  source->linked.begun = source->linked.begun || status == ${u}_OK;
`
    : `  ${p}_status status = ${u}_OK;
  if (source->linked.first == NULL) {
    status = ${p}_impl_instance_make(source, true, &source->linked.first, error);
  }
  if (status == ${u}_OK) {
    status = ${p}_impl_instance_make(source, false, made, error);
  }
`
}  pthread_mutex_unlock(&source->making);
  return status;
}
`
    : ''
}${wasmtimeCall(names)}${access === undefined ? '' : wasmtimeAccess(names, access)}${surface.exports.map((one, i) => wasmtimeMethod(one, i, names)).join('')}`;
}

const letters = (types: readonly (keyof typeof LETTERS)[]): string =>
  `"${types.map((type) => LETTERS[type]).join('')}"`;

const wasiText = ({ prefix: p, upper: u }: CNames): string => `  wasi_config_t *wasi = wasi_config_new();
  if (source->configure_wasi != NULL) {
    source->configure_wasi(source->user, wasi);
  }
  cause = wasmtime_context_set_wasi(instance->context, wasi);
  if (cause != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MODULE, "WASI cannot be set up", cause, NULL);
  }
`;

/** Instantiation through a linker that only this instance has. */
function linkedText({ prefix: p, upper: u }: CNames): string {
  return `  wasmtime_linker_t *linker = wasmtime_linker_clone(source->linked.linker);
  ${p}_status linked = ${p}_impl_own_state(instance, linker, error);
  if (linked != ${u}_OK) {
    wasmtime_linker_delete(linker);
    return linked;
  }
  if (source->link != NULL) {
    wasmtime_linker_allow_shadowing(linker, true);
    cause = source->link(source->user, linker, instance->context);
  }
  if (cause == NULL) {
    cause = wasmtime_linker_instantiate(linker, instance->context, source->module,
                                        &instance->instance, &trap);
  }
  wasmtime_linker_delete(linker);
`;
}

/** The function that makes the state of an instance. */
export function ownStateText(input: WrapInput, names: CNames): string {
  const { prefix: p, upper: u } = names;
  if (!isLinkedEach(input.surface)) return '';
  const state = stateOfInstances(input.surface);
  if (state.own.length === 0)
    return `
static ${p}_status ${p}_impl_own_state(${p}_instance *instance, wasmtime_linker_t *linker,
    ${p}_error *error) {
  (void)instance;
  (void)linker;
  (void)error;
  return ${u}_OK;
}
`;
  const has = (kind: string): boolean => state.own.some((one) => one.kind === kind);
  return `
// Memories, tables and globals belong to one store, so each instance gets its own: globals are zero,
// tables are null. The option link can define others.
static ${p}_status ${p}_impl_own_state(${p}_instance *instance, wasmtime_linker_t *linker,
    ${p}_error *error) {
  wasmtime_error_t *cause = NULL;
  wasmtime_extern_t item;
${has('memory') ? '  wasm_memorytype_t *type = NULL;\n' : ''}${has('table') ? '  wasm_tabletype_t *table = NULL;\n  wasm_limits_t limits;\n' : ''}${has('global') ? '  wasm_globaltype_t *global = NULL;\n' : ''}${has('table') || has('global') ? '  wasmtime_val_t value;\n' : ''}${ownState(state, names, memoryAccess(input) === 'imported')}  return ${u}_OK;
}
`;
}

function memoryText({ surface }: WrapInput, { prefix: p, upper: u }: CNames, access: MemoryAccess): string {
  if (access !== 'exported' && access !== 'exported-shared') return '';
  const shared = access === 'exported-shared';
  return `  wasmtime_extern_t memory;
${fitted('  ', `if (!wasmtime_instance_export_get`, ['instance->context', '&instance->instance', cName(surface.memoryExport ?? ''), '&memory'], ' ||')}
      memory.kind != ${shared ? 'WASMTIME_EXTERN_SHAREDMEMORY' : 'WASMTIME_EXTERN_MEMORY'}) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module does not export its memory", NULL);
  }
  instance->${shared ? 'shared = memory.of.sharedmemory' : 'memory = memory.of.memory'};
`;
}

/** The life of the module, once the instance is there. */
function preparation(input: WrapInput, { prefix: p, upper: u }: CNames, needs: FurtherNeeds | undefined): string {
  const check = `  if (status != ${u}_OK) {\n    return status;\n  }\n`;
  if (!input.surface.commonMemory) {
    const life = lifeCallText(input, p, 'all', '  ');
    return life === '' ? '' : check + life;
  }
  const once = lifeCallText(input, p, 'memory', '    ');
  const each = lifeCallText(input, p, 'instance', '  ');
  const thread = `  if (!first) {
    status = ${p}_impl_prepare_thread(instance, error);
    if (status != ${u}_OK) {
      return status;
    }
  }
`;
  const initialise = `  if (first) {
    // It initialises the memory for all.
${once}  }
`;
  const text = `${once === '' ? '' : initialise}${needs === undefined ? '' : thread}${each}`;
  return text === '' ? '' : check + text;
}

/** What a further instance needs; without an allocator its stack is a new page of the memory. */
function threadText(needs: FurtherNeeds, names: CNames): string {
  const { prefix: p, upper: u } = names;
  const grow = `  uint64_t pages = 0;
  wasmtime_error_t *cause = wasmtime_sharedmemory_grow(instance->source->linked.memories[0], 1, &pages);
  if (cause != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MEMORY, "the memory cannot grow by a stack", cause, NULL);
  }
  stack = (int32_t)(uint32_t)(pages << 16);
`;
  return threadFunction(needs, names, 'instance->source->linked.first', grow);
}

/** Deleting an instance gives back what it had in the memory. */
const deleteText = ({ prefix: p }: CNames, free: string, blocks: readonly string[]): string => `
static void ${p}_impl_instance_delete(${p}_instance *instance) {
  ${p}_impl_source *source = instance->source;
  const int32_t blocks[] = {${blocks.map((name) => `instance->${name}`).join(', ')}};
  pthread_mutex_lock(&source->making);
  ${p}_impl_instance_free(instance);
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    if (blocks[i] != 0) {
${fitted('      ', `(void)${p}_impl_begin`, ['source->linked.first', cName(free), '&blocks[i]', '1', 'NULL', 'false', 'NULL'], ';')}
    }
  }
  pthread_mutex_unlock(&source->making);
}
`;
