/** C for WAMR: imported functions as native functions, which the runtime knows by module and name. */

import { cString } from '../../../harmless/code.ts';
import type { NumType } from '../../signature.ts';
import type { FunctionImport, Surface } from '../../surface.ts';
import { type CNames, cResults } from '../names.ts';
import { C_TYPES, LETTERS } from '../runtime.ts';
import { fitted } from '../text.ts';

/** Imports of each module, in the order of their first import. */
function grouped({ functions }: Surface): Map<string, FunctionImport[]> {
  const groups = new Map<string, FunctionImport[]>();
  for (const one of functions) {
    const group = groups.get(one.module);
    if (group === undefined) groups.set(one.module, [one]);
    else group.push(one);
  }
  return groups;
}

/** A native function for each import. */
export const natives = ({ functions }: Surface, { prefix: p, imports }: CNames): string =>
  functions.map((one, i) => native(one, `${p}_impl_import_${i}`, p, imports.get(one) ?? '')).join('');

function native(one: FunctionImport, name: string, p: string, member: string): string {
  const results = cResults(one.results.length);
  const given = ['imports->user', 'instance', ...one.params.map((_, i) => `p${i}`), ...results.map((r) => `&${r}`)];
  const read = one.params.map(
    (type, i) => `  ${C_TYPES[type]} p${i} = 0;
  memcpy(&p${i}, &cells[${i}], sizeof p${i});
`,
  );
  const set = results.map((result) => `  memcpy(cells, &${result}, sizeof ${result});\n`);
  return `
static void ${name}(wasm_exec_env_t exec_env, uint64_t *cells) {
${one.params.length + results.length === 0 ? '  (void)cells;\n' : ''}  const ${p}_impl_source *source = wasm_runtime_get_function_attachment(exec_env);
  ${p}_instance *instance = wasm_runtime_get_user_data(exec_env);
  const ${p}_imports *imports = &source->imports;
${read.join('')}${results.map((result, i) => `  ${C_TYPES[one.results[i]]} ${result} = 0;\n`).join('')}  // Until it returns, the function reaches the instance through the call that it is in.
  wasm_exec_env_t outer = NULL;
  if (instance != NULL) {
    outer = instance->exec_env;
    instance->exec_env = exec_env;
  }
${fitted('  ', `const char *failure = imports->${member}`, given, ';')}
  if (instance != NULL) {
    instance->exec_env = outer;
  }
  if (failure != NULL) {
    wasm_runtime_set_exception(wasm_runtime_get_module_inst(exec_env), failure);
    return;
  }
${set.join('')}}
`;
}

const signature = (params: readonly NumType[], results: readonly NumType[]): string =>
  `"(${params.map((type) => LETTERS[type]).join('')})${results.map((type) => LETTERS[type]).join('')}"`;

/** Functions that make the native functions known to the runtime, and forget them. */
export function registering(surface: Surface, { prefix: p, upper: u }: CNames): string {
  const groups = [...grouped(surface)];
  let first = 0;
  const rows: string[] = [];
  const known: string[] = [];
  const forgotten: string[] = [];
  for (const [module, functions] of groups) {
    for (const [i, one] of functions.entries()) {
      const index = surface.functions.indexOf(one);
      rows.push(
        `${fitted('  ', `${p}_impl_native`, ['source', String(first + i), cString(one.name), `(void (*)(void))${p}_impl_import_${index}`, signature(one.params, one.results)], ';')}\n`,
      );
    }
    const at = `&source->natives[${first}]`;
    known.push(`  if (!wasm_runtime_register_natives_raw(${cString(module)}, ${at}, ${functions.length})) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "native functions cannot be registered", NULL);
  }
  source->registered = ${rows.length};
`);
    forgotten.unshift(`  if (source->registered > ${first}) {
    wasm_runtime_unregister_natives(${cString(module)}, ${at});
  }
`);
    first += functions.length;
  }
  return `
// Describes a native function. Its address is copied, because C has no conversion of it to \`void *\`.
${fitted('', `static void ${p}_impl_native`, [`${p}_impl_source *source`, 'size_t index', 'const char *name', 'void (*function)(void)', 'const char *signature'], ' {')}
  NativeSymbol *native = &source->natives[index];
  native->symbol = name;
  memcpy(&native->func_ptr, &function, sizeof native->func_ptr);
  native->signature = signature;
  native->attachment = source;
}

// WAMR knows native functions by module and name, for the whole process, while it loads a module.
static ${p}_status ${p}_impl_register(${p}_impl_source *source, ${p}_error *error) {
${rows.join('')}${known.join('')}  return ${u}_OK;
}

static void ${p}_impl_unregister(${p}_impl_source *source) {
${forgotten.join('')}}
`;
}
