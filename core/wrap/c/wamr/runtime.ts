/** C for WAMR: one loaded module, a module instance and an execution environment for each slot. */
import type { WrapInput } from '../../wrapInput.ts';
import type { CNames } from '../names.ts';
import type { CRuntime } from '../runtime.ts';
import { fitted } from '../text.ts';
import { adapted } from './adapt.ts';
import { natives, registering } from './imports.ts';
import { wamrInstance } from './instance.ts';

/** Whether instances are threads of a first one, over one memory: in a pool of a module that imports a shared memory. */
const spawns = ({ surface }: WrapInput, kind: string): boolean => surface.commonMemory && kind !== 'lock';

/** The API of wasm_export.h. */
export const WAMR: CRuntime = {
  label: "WAMR's C API",
  header: 'wasm_export.h',
  tick: undefined,
  attach: true,
  unsafe: 'threads use one module instance and one exec_env, which WAMR forbids',
  start: ({ upper: u }) => ({
    before: `  if (!wasm_runtime_init()) {
    return 3;
  }
  wasm_runtime_set_max_thread_num(${u}_THREADS);
`,
    after: '  wasm_runtime_destroy();\n',
  }),
  adapted,
  renewed: (source, { prefix: p, upper: u }) => `  if (${source}.first != NULL) {
    ${p}_impl_instance_free(${source}.first);
    ${source}.first = NULL;
  }
  return ${u}_OK;
`,
  renews: () => false,
  memory: ({ surface }) => surface.memory,
  advice: ({ surface }, kind) => [
    'Written for C11, POSIX threads and WAMR 2 (wasm_export.h); link with -liwasm -lpthread. Call wasm_runtime_init or wasm_runtime_full_init once, before anything else. Threads are announced to WAMR where they need to be (wasm_runtime_init_thread_env).',
    'WAMR knows native functions by module and name for the whole process, and does not guard that list: do not open or delete two wrappers, or load modules, at the same time.',
    'WAMR has no deadline for a call: wasm_runtime_terminate ends one from another thread.',
    ...(surface.wasi
      ? [
          'WASI of WAMR writes to the standard output of the process. A call in which the module ends itself with exit code 0 looks like one that returned.',
        ]
      : []),
    ...(spawns({ surface } as WrapInput, kind)
      ? [
          'The module imports a shared memory: instances are made with wasm_runtime_spawn_exec_env, each with a stack of its own out of that of the module. Build WAMR with WAMR_BUILD_SHARED_MEMORY=1 and its thread manager, and raise max_thread_num or call wasm_runtime_set_max_thread_num if you need more than four; link the module with --export=__heap_base and --export=__data_end, or WAMR does not find its stack. A trap ends all instances over the memory: delete the pool, and make a new one.',
        ]
      : []),
  ],
  options: ({ surface }) => `  // Passed to the function below.
  void *user;
  // May call ${surface.wasi ? 'wasm_runtime_set_wasi_args' : 'functions of WAMR on the module'} before the first instance is made. A null pointer: as it is.
  void (*configure)(void *user, wasm_module_t module);
  // Bytes of the stack of an instance, for calls of the interpreter. 0: 65536.
  uint32_t stack_size;
`,
  implementation: (input, names, kind) =>
    `${structures(input, names, spawns(input, kind))}${attaching(names)}${input.surface.functions.length > 0 ? natives(input.surface, names) + registering(input.surface, names) : ''}${wamrInstance(input, names, spawns(input, kind))}${sourceText(input, names, spawns(input, kind))}`,
};

const structures = ({ surface }: WrapInput, { prefix: p }: CNames, spawning: boolean): string => `
// What instances are made of: everything that threads may share.
typedef struct ${p}_impl_source {
  // The bytes of the module, which WAMR uses as long as the module is loaded, and may change.
  uint8_t *wasm;
  wasm_module_t module;
  // One instance at a time is made or deleted.
  pthread_mutex_t making;
${spawning ? `  // The instance that has the memory. It is lent to nobody: the others are its threads.\n  ${p}_instance *first;\n` : ''}${surface.functions.length > 0 ? `  ${p}_imports imports;\n  NativeSymbol natives[${surface.functions.length}];\n  size_t registered;\n` : ''}  uint32_t stack_size;
} ${p}_impl_source;

struct ${p}_instance {
  ${p}_impl_source *source;
  // What lends it, and the next one that is idle.
  void *owner;
  ${p}_instance *next;
  bool failed;
  // The thread that has it was not known to WAMR before.
  bool attached;
${spawning ? '  // Made of the first instance.\n  bool spawned;\n  // Its thread-local storage.\n  int32_t storage;\n' : ''}  wasm_module_inst_t module_inst;
  wasm_exec_env_t exec_env;
  wasm_function_inst_t functions[${surface.exports.length}];
};
`;

const attaching = ({ prefix: p, upper: u }: CNames): string => `
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

// Announces the thread to WAMR, unless it knows it.
static ${p}_status ${p}_impl_attach(bool *attached, ${p}_error *error) {
  *attached = false;
  if (wasm_runtime_thread_env_inited()) {
    return ${u}_OK;
  }
  if (!wasm_runtime_init_thread_env()) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "the thread cannot be announced to WAMR", NULL);
  }
  *attached = true;
  return ${u}_OK;
}

static void ${p}_impl_detach(bool attached) {
  if (attached) {
    wasm_runtime_destroy_thread_env();
  }
}
`;

/** Opening and closing what instances are made of. */
function sourceText({ surface }: WrapInput, { prefix: p, upper: u, imports }: CNames, spawning: boolean): string {
  const needed = surface.functions.map(
    (one) => `  if (options->imports->${imports.get(one)} == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the import is null", "${imports.get(one)}");
  }
`,
  );
  return `
static void ${p}_impl_source_close(${p}_impl_source *source) {
${spawning ? `  if (source->first != NULL) {\n    ${p}_impl_instance_free(source->first);\n  }\n` : ''}  if (source->module != NULL) {
    wasm_runtime_unload(source->module);
  }
${surface.functions.length > 0 ? `  ${p}_impl_unregister(source);\n` : ''}  pthread_mutex_destroy(&source->making);
  free(source->wasm);
}

static ${p}_status ${p}_impl_source_load(${p}_impl_source *source, uint32_t wasm_size,
    const ${p}_options *options, ${p}_error *error) {
  char message[256] = "";
${surface.functions.length > 0 ? `  const ${p}_status status = ${p}_impl_register(source, error);\n  if (status != ${u}_OK) {\n    return status;\n  }\n` : ''}  source->module = wasm_runtime_load(source->wasm, wasm_size, message, sizeof message);
  if (source->module == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MODULE, "the module cannot be loaded", message);
  }
  if (options->configure != NULL) {
    options->configure(options->user, source->module);
  }
  return ${u}_OK;
}

${fitted('', `static ${p}_status ${p}_impl_source_open`, [`${p}_impl_source *source`, 'const uint8_t *wasm', 'size_t wasm_size', `const ${p}_options *options`, `${p}_error *error`], ' {')}
  memset(source, 0, sizeof *source);
  if (wasm == NULL || options == NULL || wasm_size == 0 || wasm_size > UINT32_MAX) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the module or the options are null", NULL);
  }
${
  needed.length > 0
    ? `  if (options->imports == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "options->imports is null", NULL);
  }
${needed.join('')}  source->imports = *options->imports;
`
    : ''
}  source->stack_size = options->stack_size > 0 ? options->stack_size : 65536;
  source->wasm = malloc(wasm_size);
  if (source->wasm == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for the module", NULL);
  }
  memcpy(source->wasm, wasm, wasm_size);
  if (pthread_mutex_init(&source->making, NULL) != 0) {
    free(source->wasm);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a mutex cannot be made", NULL);
  }
  const ${p}_status status = ${p}_impl_source_load(source, (uint32_t)wasm_size, options, error);
  if (status != ${u}_OK) {
    ${p}_impl_source_close(source);
  }
  return status;
}
`;
}
