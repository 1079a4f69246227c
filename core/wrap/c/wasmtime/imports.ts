/** C for Wasmtime: the imports of the module, defined in a linker. */
import { FUNCREF } from '../../../wasm/types.ts';
import type { FunctionImport, StateImport, Surface } from '../../surface.ts';
import { type CNames, cResults } from '../names.ts';
import { C_TYPES, LETTERS } from '../runtime.ts';
import { cName, fitted } from '../text.ts';

/** State that all instances have in common, and state that each gets its own of. */
export function stateOfInstances(surface: Surface): { common: StateImport[]; own: StateImport[] } {
  const isCommon = (one: StateImport): boolean =>
    surface.commonMemory && one.kind === 'memory' && one.type.limits.shared;
  return {
    common: surface.state.filter(isCommon),
    own: surface.state.filter((one) => !isCommon(one)),
  };
}

/** Instances are linked one by one, because each gets state of its own or the embedder adds to the linker. */
export const isLinkedEach = (surface: Surface): boolean =>
  stateOfInstances(surface).own.length > 0 || surface.importsLeftOut.length > 0;

/** `WASMTIME_I32`. */
export const kindOf = (type: string): string => `WASMTIME_${type.toUpperCase()}`;

/** A callback for each imported function. */
export const callbacks = ({ functions }: Surface, { prefix: p, imports }: CNames): string =>
  functions.map((one, i) => callback(one, `${p}_impl_import_${i}`, p, imports.get(one) ?? '')).join('');

function callback(one: FunctionImport, name: string, p: string, member: string): string {
  const results = cResults(one.results.length);
  const given = [
    'imports->user',
    'instance',
    ...one.params.map((type, i) => `args[${i}].of.${type}`),
    ...results.map((result) => `&${result}`),
  ];
  const set = results.map((result, i) => {
    const type = one.results[i];
    return `  results[${i}] = (wasmtime_val_t){.kind = ${kindOf(type)}, .of = {.${type} = ${result}}};\n`;
  });
  const head = [
    'void *env',
    'wasmtime_caller_t *caller',
    'const wasmtime_val_t *args',
    'size_t nargs',
    'wasmtime_val_t *results',
    'size_t nresults',
  ];
  return `
${fitted('', `static wasm_trap_t *${name}`, head, ' {')}
  (void)env;
${one.params.length === 0 ? '  (void)args;\n' : ''}  (void)nargs;
${results.length === 0 ? '  (void)results;\n' : ''}  (void)nresults;
  wasmtime_context_t *context = wasmtime_caller_context(caller);
  ${p}_instance *instance = wasmtime_context_get_data(context);
  const ${p}_imports *imports = &instance->source->imports;
${results.map((result, i) => `  ${C_TYPES[one.results[i]]} ${result} = 0;\n`).join('')}  // Until it returns, the function reaches the instance through its caller.
  wasmtime_context_t *outer = instance->context;
  instance->context = context;
${fitted('  ', `const char *failure = imports->${member}`, given, ';')}
  instance->context = outer;
  if (failure != NULL) {
    return wasmtime_trap_new(failure, strlen(failure));
  }
${set.join('')}  return NULL;
}
`;
}

/** The function that makes a linker type of two strings of letters, and the one that defines a callback. */
export const defining = ({ prefix: p }: CNames): string => `
// The type of a function; a letter stands for a type: i and I are integers, f and F floats.
static wasm_functype_t *${p}_impl_type_of(const char *params, const char *results) {
  wasm_valtype_vec_t vectors[2];
  const char *letters[2] = {params, results};
  for (size_t i = 0; i < 2; i++) {
    wasm_valtype_vec_new_uninitialized(&vectors[i], strlen(letters[i]));
    for (size_t j = 0; j < vectors[i].size; j++) {
      const char letter = letters[i][j];
      const wasm_valkind_t kind = letter == 'i'   ? WASM_I32
                                  : letter == 'I' ? WASM_I64
                                  : letter == 'f' ? WASM_F32
                                                  : WASM_F64;
      vectors[i].data[j] = wasm_valtype_new(kind);
    }
  }
  return wasm_functype_new(&vectors[0], &vectors[1]);
}

static wasmtime_error_t *${p}_impl_define(wasmtime_linker_t *linker, const char *module,
                                     size_t module_size, const char *name, size_t name_size,
                                     const char *params, const char *results,
                                     wasmtime_func_callback_t callback) {
  wasm_functype_t *type = ${p}_impl_type_of(params, results);
  wasmtime_error_t *cause = wasmtime_linker_define_func(linker, module, module_size, name,
                                                        name_size, type, callback, NULL, NULL);
  wasm_functype_delete(type);
  return cause;
}
`;

/** Statements that define the imported functions in `source->linked.linker`. */
export function definitions({ functions, wasi }: Surface, { prefix: p }: CNames): string {
  const defined = functions.map((one, i) => {
    const letters = [one.params, one.results].map((types) => `"${types.map((type) => LETTERS[type]).join('')}"`);
    const args = ['source->linked.linker', cName(one.module), cName(one.name), ...letters, `${p}_impl_import_${i}`];
    return checked(fitted('  ', `cause = ${p}_impl_define`, args, ';'), p, 'an import cannot be defined');
  });
  const own = wasi
    ? [checked('  cause = wasmtime_linker_define_wasi(source->linked.linker);', p, 'WASI cannot be defined')]
    : [];
  return [...own, ...defined].join('');
}

/** A statement that sets `cause`, and what answers where it is an error. */
const checked = (statement: string, p: string, what: string): string => `${statement}
${failing(p, what)}`;

const limitsOf = ({ min, max }: { min: bigint | number; max?: bigint | number | undefined }): string =>
  `${min}, ${max === undefined ? 'false, 0' : `true, ${max}`}`;

/** Statements that make the memories that instances have in common. */
export const commonMemories = ({ common }: ReturnType<typeof stateOfInstances>, { prefix: p }: CNames): string =>
  common
    .map((one, i) =>
      one.kind !== 'memory'
        ? ''
        : `${memoryType(one, '  ', p)}  cause = wasmtime_sharedmemory_new(source->engine, type, &source->linked.memories[${i}]);
  wasm_memorytype_delete(type);
${failing(p, 'the shared memory cannot be made')}  item = (wasmtime_extern_t){.kind = WASMTIME_EXTERN_SHAREDMEMORY,
                             .of = {.sharedmemory = source->linked.memories[${i}]}};
${fitted('  ', 'cause = wasmtime_linker_define', ['source->linked.linker', 'wasmtime_store_context(store)', cName(one.module), cName(one.name), '&item'], ';')}
${failing(p, 'the shared memory cannot be linked')}`,
    )
    .join('');

const failing = (p: string, what: string): string => `  if (cause != NULL) {
    return ${p}_impl_fail_with(error, ${p.toUpperCase()}_ERR_MODULE, "${what}", cause, NULL);
  }
`;

const memoryType = (one: StateImport & { kind: 'memory' }, indent: string, p: string): string =>
  `${indent}cause = wasmtime_memorytype_new(${limitsOf(one.type.limits)}, false, ${one.type.limits.shared}, 16, &type);
${failing(p, 'the type of a memory is not supported')}`;

/** Statements that make the state that an instance has of its own and define it in `linker`. */
export function ownState(
  { own }: ReturnType<typeof stateOfInstances>,
  { prefix: p }: CNames,
  memoryIsImported: boolean,
): string {
  let first = memoryIsImported;
  return own
    .map((one) => {
      const define = `${fitted('  ', 'cause = wasmtime_linker_define', ['linker', 'instance->context', cName(one.module), cName(one.name), '&item'], ';')}
${failing(p, 'imported state cannot be linked')}`;
      if (one.kind === 'memory') {
        const kept = first && !one.type.limits.shared ? '  instance->memory = item.of.memory;\n' : '';
        first = false;
        return `${memoryType(one, '  ', p)}  item.kind = WASMTIME_EXTERN_MEMORY;
  cause = wasmtime_memory_new(instance->context, type, &item.of.memory);
  wasm_memorytype_delete(type);
${failing(p, 'an imported memory cannot be made')}${kept}${define}`;
      }
      if (one.kind === 'table') {
        const { min, max } = one.type.limits;
        const kind = one.type.type === FUNCREF ? 'FUNCREF' : 'EXTERNREF';
        const none =
          kind === 'FUNCREF'
            ? 'wasmtime_funcref_set_null(&value.of.funcref);'
            : 'memset(&value.of, 0, sizeof value.of);';
        return `  value.kind = WASMTIME_${kind};
  ${none}
  limits = (wasm_limits_t){.min = ${min}, .max = ${max ?? 'wasm_limits_max_default'}};
  table = wasm_tabletype_new(wasm_valtype_new(WASM_${kind}), &limits);
  item.kind = WASMTIME_EXTERN_TABLE;
  cause = wasmtime_table_new(instance->context, table, &value, &item.of.table);
  wasm_tabletype_delete(table);
${failing(p, 'an imported table cannot be made')}${define}`;
      }
      return `  value = (wasmtime_val_t){.kind = ${kindOf(one.value)}, .of = {.${one.value} = 0}};
  global = wasm_globaltype_new(wasm_valtype_new(WASM_${one.value.toUpperCase()}), ${one.type.mutable ? 'WASM_VAR' : 'WASM_CONST'});
  item.kind = WASMTIME_EXTERN_GLOBAL;
  cause = wasmtime_global_new(instance->context, global, &value, &item.of.global);
  wasm_globaltype_delete(global);
${failing(p, 'an imported global cannot be made')}${define}`;
    })
    .join('');
}
