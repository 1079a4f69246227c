/** Python: what the module imports, given to the constructor as objects. */
import { FUNCREF } from '../../wasm/types.ts';
import { functionTypeText, type NumType } from '../signature.ts';
import type { FunctionImport, StateImport, Surface } from '../surface.ts';
import { type ClassNames, docName, docstring, pyList, pyScope, pyType, resultType, stringItem } from './parts.ts';

/** What a module imports, with the methods that give it. */
export interface PyImports {
  functions: { one: FunctionImport; method: string }[];
  state: { one: StateImport; method: string }[];
}

/** A method name for each import. */
export function importsOf(surface: Surface): PyImports {
  const functions = pyScope();
  const state = pyScope();
  const wanted = (one: { module: string; name: string }): string => `${one.module} ${one.name}`;
  return {
    functions: surface.functions.map((one) => ({ one, method: functions.claim(wanted(one), `import ${one.name}`) })),
    state: surface.state.map((one) => ({ one, method: state.claim(wanted(one), `import ${one.kind}`) })),
  };
}

/** Whether it is a memory that instances have in common. */
export const isCommon = (one: StateImport): boolean => one.kind === 'memory' && one.type.limits.shared;

/** The protocol of the functions that the host gives; empty where there are none. */
export function importsProtocol({ functions }: PyImports, classes: ClassNames): string {
  if (functions.length === 0) return '';
  const methods = functions.map(({ one, method }) => {
    const params = one.params.map((type, i) => `p${i}: ${pyType(type)}`);
    return `${pyList('    ', `def ${method}(`, ['self', 'caller: wasmtime.Caller', ...params, '/'], `) -> ${resultType(one)}:`)}
${docstring('        ', `Implement ${docName(one.name)}.`, [], `an import of ${docName(one.module)}: ${functionTypeText(one)}.`)}
        ...
`;
  });
  return `class ${classes('Imports')}(Protocol):
    """Functions that the module imports.

    Calls of several threads arrive at the same time: guard what they share. \`caller\`
    leads to the memory of the instance that calls, as in \`caller["memory"]\`, until the
    function returns. An exception ends the call, reaches whoever made it, and costs the
    instance.
    """

${methods.join('\n')}

`;
}

/** A class that makes the memories, tables and globals that the module imports; empty where there are none. */
export function stateClass({ state }: PyImports, classes: ClassNames): string {
  if (state.length === 0) return '';
  const common = state.some(({ one }) => isCommon(one));
  const methods = state.map(({ one, method }) => {
    const [parameter, type] = isCommon(one)
      ? ['engine: wasmtime.Engine', classes('SharedMemory')]
      : [
          'store: wasmtime.Store',
          { memory: 'wasmtime.Memory', table: 'wasmtime.Table', global: 'wasmtime.Global' }[one.kind],
        ];
    return `    def ${method}(self, ${parameter}) -> ${type}:
${docstring('        ', `Make the ${one.kind} ${docName(one.name)} of ${docName(one.module)}.`)}
${creation(one, type)}
`;
  });
  return `${common ? sharedMemoryClass(classes) : ''}class ${classes('State')}:
    """Memories, tables and globals that the module imports.

    All are zero: a subclass can give others. ${common ? 'Shared memories are made once, and' : 'Each instance gets its own.'}
${common ? '    everything else is made for each instance.\n' : ''}    """

${methods.join('\n')}

`;
}

/** The package cannot import its own shared memories (https://github.com/bytecodealliance/wasmtime-py/issues/318). */
const sharedMemoryClass = (classes: ClassNames): string => `class ${classes('SharedMemory')}(wasmtime.SharedMemory):
    """A shared memory that can be imported.

    wasmtime-py up to 50.0.1 raises a TypeError when its own class is (wasmtime-py#318).
    """

    def _as_extern(self) -> ffi.wasmtime_extern_t:
        item = ffi.wasmtime_extern_union(sharedmemory=self.ptr())
        return ffi.wasmtime_extern_t(ffi.WASMTIME_EXTERN_SHAREDMEMORY, item)


`;

/** Statements that make the item and return it; `type`: the class of a memory. */
function creation(one: StateImport, type: string): string {
  const limits = ({ min, max }: { min: bigint; max: bigint | undefined }): string =>
    `wasmtime.Limits(${min}, ${max ?? 'None'})`;
  const value = (name: string): string => `wasmtime.ValType.${name}()`;
  switch (one.kind) {
    case 'memory': {
      const shared = isCommon(one);
      const of = pyList(
        '        ',
        'kind = wasmtime.MemoryType(',
        [limits(one.type.limits), ...(shared ? ['shared=True'] : [])],
        ')',
      );
      return `${of}\n        return ${type}(${shared ? 'engine' : 'store'}, kind)`;
    }
    case 'table': {
      const element = value(one.type.type === FUNCREF ? 'funcref' : 'externref');
      return `${pyList('        ', 'kind = wasmtime.TableType(', [element, limits(one.type.limits)], ')')}
        return wasmtime.Table(store, kind, None)`;
    }
    case 'global': {
      const zero: Readonly<Record<NumType, string>> = { i32: '0', i64: '0', f32: '0.0', f64: '0.0' };
      return `        kind = wasmtime.GlobalType(${value(one.value)}, ${one.type.mutable ? 'True' : 'False'})
        return wasmtime.Global(store, kind, ${zero[one.value]})`;
    }
  }
}

/** Statements that define the functions in `linker`. */
export const functionDefinitions = ({ functions }: PyImports, of: string): string =>
  functions
    .map(({ one, method }) => {
      const items = [
        'linker',
        stringItem('            ', one.module),
        stringItem('            ', one.name),
        `${of}.${method}`,
        `"${one.params.join(' ')}"`,
        `"${one.results.join(' ')}"`,
      ];
      return `${pyList('        ', '_define(', items, ')')}\n`;
    })
    .join('');

/** Statements that define the state of one instance in `linker`; the memory `kept` goes by the name `memory`. */
export const stateDefinitions = ({ state }: PyImports, kept: string | undefined): string =>
  state
    .map(({ one, method }) => {
      const made = isCommon(one) ? `self._memories["${method}"]` : `self._state.${method}(store)`;
      const item = method === kept ? 'memory' : made;
      const items = ['store', stringItem('            ', one.module), stringItem('            ', one.name), item];
      const first = method === kept ? `        memory = ${made}\n` : '';
      return `${first}${pyList('        ', 'linker.define(', items, ')')}\n`;
    })
    .join('');
