/** C for Wasmtime: one engine and one compiled module, a store for each instance. */
import type { WrapInput } from '../../wrapInput.ts';
import type { CNames } from '../names.ts';
import type { CRuntime } from '../runtime.ts';
import { fitted } from '../text.ts';
import { type FurtherNeeds, furtherNeeds, threadBlocks } from '../threads.ts';
import { callbacks, commonMemories, defining, definitions, isLinkedEach, stateOfInstances } from './imports.ts';
import { ownStateText, wasmtimeInstance } from './instance.ts';
import { memoryAccess } from './memoryAccess.ts';

/** The C API of Wasmtime. */
export const WASMTIME: CRuntime = {
  label: "Wasmtime's C API",
  header: 'wasmtime.h',
  tick: (source) => `wasmtime_engine_increment_epoch(${source}.engine);`,
  attach: false,
  unsafe: 'two threads call into one store, which is undefined behaviour whatever the calls do',
  start: () => ({ before: '', after: '' }),
  adapted: (input) => input,
  renewed: (source, { prefix: p }) => `  ${p}_impl_linked_free(&${source}.linked);
  memset(&${source}.linked, 0, sizeof ${source}.linked);
  return ${p}_impl_source_link(&${source}, &run->error);
`,
  renews: ({ surface }) => surface.commonMemory,
  memory: (input) => memoryAccess(input) !== undefined,
  advice: ({ surface }) => [
    "Written for C11, POSIX threads and Wasmtime's C API of version 50; link with -lwasmtime -lpthread.",
    ...(surface.commonMemory
      ? [
          'The module imports a shared memory, and all instances work on that one memory: only globals and tables are private. Accesses to it without atomic instructions still race.',
        ]
      : []),
    ...(surface.privateState
      ? ['The module imports memory, tables or mutable globals: each instance has its own.']
      : []),
    ...(surface.threads
      ? ['memory.atomic.wait is not ended by ticks: a call that waits for a notification can wait forever.']
      : []),
  ],
  options: ({ surface }, { prefix: p }) => `  // Passed to the functions below.
  void *user;
  // May change the configuration of the engine. A null pointer: as it is.
  void (*configure)(void *user, wasm_config_t *config);
${
  surface.wasi
    ? `  // May give each instance arguments, an environment, streams and directories. A null pointer: it has
  // none, and what it writes is lost.
  void (*configure_wasi)(void *user, wasi_config_t *config);
`
    : ''
}${
  isLinkedEach(surface)
    ? `  // May define imports of each new instance, over those that are there: answers a null pointer or an
  // error, which is deleted. May be a null pointer.
  wasmtime_error_t *(*link)(void *user, wasmtime_linker_t *linker, wasmtime_context_t *context);
`
    : ''
}  // After how many ticks a call is ended with a trap; see ${p}_pool_tick or ${p}_lock_tick. 0: never, which also
  // makes calls faster.
  uint64_t ticks;
`,
  implementation(input, names, kind) {
    const needs = kind === 'lock' ? undefined : furtherNeeds(input);
    return `${structures(input, names, needs)}${failing(names)}${callbacks(input.surface, names)}${input.surface.functions.length > 0 ? defining(names) : ''}${ownStateText(input, names)}${wasmtimeInstance(input, names, needs)}${sourceText(input, names, needs)}`;
  },
};

function structures(input: WrapInput, { prefix: p }: CNames, needs: FurtherNeeds | undefined): string {
  const blocks = needs === undefined ? [] : ['stack', 'storage'];
  const { surface } = input;
  const { common } = stateOfInstances(surface);
  const access = memoryAccess(input);
  return `
// The module with its imports.
typedef struct ${p}_impl_linked {
  wasmtime_linker_t *linker;
${isLinkedEach(surface) ? '' : '  wasmtime_instance_pre_t *ready;\n'}${common.length > 0 ? `  wasmtime_sharedmemory_t *memories[${common.length}];\n${needs === undefined ? '  // An instance has initialised the memory.\n  bool begun;\n' : `  // Initialises the memory, and allocates what the others need. It is lent to nobody.\n  ${p}_instance *first;\n`}` : ''}} ${p}_impl_linked;

// What instances are made of: everything that threads may share.
typedef struct ${p}_impl_source {
  wasm_engine_t *engine;
  wasmtime_module_t *module;
  ${p}_impl_linked linked;
${common.length > 0 ? `  // One instance at a time is made, because the first initialises the memory.\n  pthread_mutex_t making;\n` : ''}${surface.functions.length > 0 ? `  ${p}_imports imports;\n` : ''}  void *user;
${surface.wasi ? '  void (*configure_wasi)(void *user, wasi_config_t *config);\n' : ''}${isLinkedEach(surface) ? '  wasmtime_error_t *(*link)(void *user, wasmtime_linker_t *linker, wasmtime_context_t *context);\n' : ''}  uint64_t ticks;
} ${p}_impl_source;

struct ${p}_instance {
  ${p}_impl_source *source;
  // What lends it, and the next one that is idle.
  void *owner;
  ${p}_instance *next;
  bool failed;
  // Calls that have not returned: more than one where a host function calls back.
  unsigned depth;
  wasmtime_store_t *store;
  wasmtime_context_t *context;
  wasmtime_instance_t instance;
${access === 'exported' || access === 'imported' ? '  wasmtime_memory_t memory;\n' : ''}${access === 'exported-shared' ? '  wasmtime_sharedmemory_t *shared;\n' : ''}${blocks.map((name) => `  int32_t ${name};\n`).join('')}  wasmtime_func_t functions[${surface.exports.length}];
};
`;
}

const failing = ({ prefix: p, upper: u }: CNames): string => `
// Fills in \`error\` and answers \`status\`. \`detail\` may be a null pointer.
static ${p}_status ${p}_impl_fail(${p}_error *error, ${p}_status status, const char *what,
    const char *detail) {
  if (error != NULL) {
    error->status = status;
    error->exit_code = 0;
    snprintf(error->message, sizeof error->message, detail == NULL ? "%s" : "%s: %s", what, detail);
  }
  return status;
}

// The same with what Wasmtime says, which it deletes: at most one of \`cause\` and \`trap\` is set.
static ${p}_status ${p}_impl_fail_with(${p}_error *error, ${p}_status status, const char *what,
    wasmtime_error_t *cause, wasm_trap_t *trap) {
  int exit_code = 0;
  const bool ended = cause != NULL && wasmtime_error_exit_status(cause, &exit_code);
  if (ended) {
    status = ${u}_ERR_EXIT;
  }
  if (error != NULL) {
    wasm_byte_vec_t text;
    wasm_byte_vec_new_empty(&text);
    if (cause != NULL) {
      wasmtime_error_message(cause, &text);
    } else if (trap != NULL) {
      wasm_trap_message(trap, &text);
    }
    error->status = status;
    error->exit_code = exit_code;
    snprintf(error->message, sizeof error->message, "%s: %.*s", what,
             text.size < sizeof error->message ? (int)text.size : (int)sizeof error->message,
             text.data == NULL ? "" : text.data);
    wasm_byte_vec_delete(&text);
  }
  if (cause != NULL) {
    wasmtime_error_delete(cause);
  }
  if (trap != NULL) {
    wasm_trap_delete(trap);
  }
  return status;
}
`;

/** Opening and closing what instances are made of. */
function sourceText(input: WrapInput, names: CNames, needs: FurtherNeeds | undefined): string {
  const { prefix: p, upper: u, imports } = names;
  const { surface } = input;
  const state = stateOfInstances(surface);
  const { common } = state;
  const shared = input.module.memories.some(({ limits }) => limits.shared);
  const needed = surface.functions.map((one) => `options->imports->${imports.get(one)} == NULL`);
  return `
static void ${p}_impl_linked_free(${p}_impl_linked *linked) {
${
  needs === undefined
    ? ''
    : `  if (linked->first != NULL) {
    ${p}_impl_instance_${threadBlocks(needs, true).length > 0 ? 'free' : 'delete'}(linked->first);
  }
`
}${isLinkedEach(surface) ? '' : '  if (linked->ready != NULL) {\n    wasmtime_instance_pre_delete(linked->ready);\n  }\n'}  if (linked->linker != NULL) {
    wasmtime_linker_delete(linked->linker);
  }
${common.map((_, i) => `  if (linked->memories[${i}] != NULL) {\n    wasmtime_sharedmemory_delete(linked->memories[${i}]);\n  }\n`).join('')}}

static void ${p}_impl_source_close(${p}_impl_source *source) {
  ${p}_impl_linked_free(&source->linked);
${common.length > 0 ? '  pthread_mutex_destroy(&source->making);\n' : ''}  if (source->module != NULL) {
    wasmtime_module_delete(source->module);
  }
  if (source->engine != NULL) {
    wasm_engine_delete(source->engine);
  }
}

static ${p}_status ${p}_impl_source_link(${p}_impl_source *source, ${p}_error *error) {
  wasmtime_error_t *cause = NULL;
  source->linked.linker = wasmtime_linker_new(source->engine);
${definitions(surface, names)}${
  common.length > 0
    ? `  // A shared memory belongs to no store, but the linker wants one.
  wasmtime_store_t *store = wasmtime_store_new(source->engine, NULL, NULL);
  const ${p}_status status = ${p}_impl_source_memories(source, store, error);
  wasmtime_store_delete(store);
  if (status != ${u}_OK) {
    return status;
  }
`
    : ''
}${isLinkedEach(surface) ? '' : '  cause = wasmtime_linker_instantiate_pre(source->linked.linker, source->module, &source->linked.ready);\n'}  if (cause != NULL) {
    return ${p}_impl_fail_with(error, ${u}_ERR_MODULE, "the module cannot be linked", cause, NULL);
  }
  return ${u}_OK;
}

${fitted('', `static ${p}_status ${p}_impl_source_open`, [`${p}_impl_source *source`, 'const uint8_t *wasm', 'size_t wasm_size', `const ${p}_options *options`, `${p}_error *error`], ' {')}
  memset(source, 0, sizeof *source);
  if (wasm == NULL || options == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the module or the options are null", NULL);
  }
${
  needed.length > 0
    ? `  if (options->imports == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "options->imports is null", NULL);
  }
${surface.functions
  .map(
    (one, i) => `  if (${needed[i]}) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the import is null", "${imports.get(one)}");
  }
`,
  )
  .join('')}  source->imports = *options->imports;
`
    : ''
}  source->user = options->user;
${surface.wasi ? '  source->configure_wasi = options->configure_wasi;\n' : ''}${isLinkedEach(surface) ? '  source->link = options->link;\n' : ''}  source->ticks = options->ticks;
${common.length > 0 ? `  if (pthread_mutex_init(&source->making, NULL) != 0) {\n    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a mutex cannot be made", NULL);\n  }\n` : ''}  wasm_config_t *config = wasm_config_new();
${surface.threads ? '  wasmtime_config_wasm_threads_set(config, true);\n' : ''}${shared ? '  wasmtime_config_shared_memory_set(config, true);\n' : ''}  wasmtime_config_epoch_interruption_set(config, source->ticks > 0);
  if (options->configure != NULL) {
    options->configure(source->user, config);
  }
  source->engine = wasm_engine_new_with_config(config);
  ${p}_status status = ${u}_OK;
  if (source->engine == NULL) {
    status = ${p}_impl_fail(error, ${u}_ERR_MEMORY, "the engine cannot be made", NULL);
  } else {
    wasmtime_error_t *cause = wasmtime_module_new(source->engine, wasm, wasm_size, &source->module);
    status = cause == NULL ? ${p}_impl_source_link(source, error)
                           : ${p}_impl_fail_with(error, ${u}_ERR_MODULE, "the module cannot be compiled", cause, NULL);
  }
  if (status != ${u}_OK) {
    ${p}_impl_source_close(source);
  }
  return status;
}
`.replace(
    `\nstatic ${p}_status ${p}_impl_source_link(`,
    `${
      common.length > 0
        ? `
static ${p}_status ${p}_impl_source_memories(${p}_impl_source *source, wasmtime_store_t *store,
    ${p}_error *error) {
  wasmtime_error_t *cause = NULL;
  wasm_memorytype_t *type = NULL;
  wasmtime_extern_t item;
${commonMemories(state, names)}  return ${u}_OK;
}
`
        : ''
    }\nstatic ${p}_status ${p}_impl_source_link(`,
  );
}
