/** Rust: the type `Instance`, a store and the instance in it with a method for each export. */
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { nameInComment, rustString } from '../../harmless/code.ts';
import { parameterNames } from '../parameters.ts';
import { functionTypeText } from '../signature.ts';
import { isProgram, type WrapExport } from '../surface.ts';
import { bytesMethods } from './bytes.ts';
import { KEYWORDS, type Kit } from './kit.ts';
import { callExpression, functionField, signature, tuple, tupleType } from './layout.ts';
import { lifeFunctions, lifeLines } from './life.ts';
import { memoryLines, memoryMethods } from './memory.ts';

/** Names of `Instance` itself, which no export gets. */
export const INSTANCE_NAMES = [
  ...['store', 'memory', 'failed', 'epochs', 'new', 'call', 'discard', 'read_memory', 'write_memory'],
  ...['imports', 'imports_mut', 'give', 'take'],
];

/** Names of the parameters of a method. */
export const rustParameters = (one: WrapExport): string[] =>
  parameterNames(one.names, 'snake', [...KEYWORDS, 'function', 'params', 'result', 'instance']);

/** The type, its methods, and the functions that make it. `names`: the method of each export. */
export function instance(kit: Kit, names: ReadonlyMap<WrapExport, string>): string {
  const { input, surface, arg, bound, asynchronous, fn, wait, memory, common, linked } = kit;
  const { exports } = surface;
  const nameOf = (one: WrapExport): string => names.get(one) ?? '';
  const fields = exports.map((one) => functionField(nameOf(one), one.params, one.results));
  const made = exports.map((one) =>
    callExpression(12, `${nameOf(one)}: typed`, ['&instance', '&mut store', rustString(one.name)], '?,'),
  );
  const type = kit.of('Instance');
  const state = kit.of('State');
  const instantiate = asynchronous ? 'instantiate_async' : 'instantiate';
  const begin = linked
    ? `        let linker = maker.linker(&mut store)?;
        let module = &maker.module;
        let instance = linker.${instantiate}(&mut store, module)${wait}?;
`
    : `        let instance = maker.source.${instantiate}(&mut store)${wait}?;
`;
  const parameters = [`maker: &${kit.of('Maker')}`, ...(common ? ['first: bool'] : [])];
  const life = lifeLines(kit);
  const unused = common && !/\bfirst\b/.test(life) ? '        let _ = first;\n' : '';
  return `/// An instance of ${nameInComment(input.moduleFile)} in its own store, which one ${asynchronous ? 'task' : 'thread'} at a time uses.
///
/// After a failed call${asynchronous ? ', or one whose future is dropped,' : ''} its state is unknown, and further calls are refused.
pub struct ${type.replace('<I>', bound)} {
    store: Store<${state}>,
${memory ? `    memory: ${memory.shared ? 'SharedMemory' : 'Memory'},\n` : ''}    failed: bool,
${asynchronous ? '' : '    epochs: u64,\n'}${fields.join('\n')}
}

impl${bound} ${type} {
    ${fn} new(${parameters.join(', ')}) -> Result<Self> {
${unused}        let mut store = maker.store()?;
${begin}${life}${memoryLines(kit)}        Ok(Self {
${made.join('\n')}
${memory ? '            memory,\n' : ''}            failed: false,
${asynchronous ? '' : '            epochs: maker.epochs(),\n'}            store,
        })
    }

    /// Marks the state of the instance as unusable: no other caller gets this instance.
    pub fn discard(&mut self) {
        self.failed = true;
    }
${arg === '' ? '' : IMPORTS}${memoryMethods(kit)}
${exports.map((one) => (isProgram(one) ? program(kit, nameOf(one), one) : method(kit, nameOf(one), one))).join('\n')}
${call(kit)}${bytesMethods(kit, names)}}

fn typed<P: WasmParams, R: WasmResults>(
    instance: &wasmtime::Instance,
    store: &mut Store<${kit.type('State')}<I>>,
    name: &str,
) -> Result<TypedFunc<P, R>> {
    instance.get_typed_func(store, name)
}
`
    .replace(/fn typed<P: WasmParams, R: WasmResults>/, () =>
      arg === ''
        ? 'fn typed<P: WasmParams, R: WasmResults>'
        : `fn typed<I: ${kit.type('Imports')}, P: WasmParams, R: WasmResults>`,
    )
    .replace(arg === '' ? `${kit.type('State')}<I>>,\n    name` : '\u0000', `${kit.type('State')}>,\n    name`)
    .concat(lifeFunctions(kit));
}

const IMPORTS = `
    /// What the user gave to this instance.
    pub fn imports(&self) -> &I {
        &self.store.data().imports
    }

    /// The same, to change it between calls.
    pub fn imports_mut(&mut self) -> &mut I {
        &mut self.store.data_mut().imports
    }
`;

function call({ fn, wait, asynchronous, type, main }: Kit): string {
  const sync = asynchronous ? ' + Sync' : '';
  return `    ${fn} call<P: WasmParams${sync}, R: WasmResults${sync}>(
        &mut self,
        function: &TypedFunc<P, R>,
        params: P,
    ) -> Result<R> {
        if self.failed {
            return Err(${type(`${main}Error`)}::Failed.into());
        }
        // It stays so if this call does not end: ${asynchronous ? 'its future is dropped, or a host function panics' : 'a host function panics'}.
        self.failed = true;
${asynchronous ? '' : '        self.store.set_epoch_deadline(self.epochs);\n'}        let result = function.${asynchronous ? 'call_async' : 'call'}(&mut self.store, params)${wait};
        self.failed = result.is_err();
        result
    }
`;
}

/** A method that runs a command; WASI tells exit codes apart from traps. */
function program({ surface: { wasi }, fn, wait }: Kit, name: string, one: WrapExport): string {
  const called = `        let function = self.${name}.clone();\n        let result = self.call(&function, ())${wait};`;
  const end = wasi
    ? `        match result {
            Err(error) if matches!(error.downcast_ref(), Some(wasmtime_wasi::I32Exit(0))) => Ok(()),
            result => result,
        }`
    : '        result';
  return `    /// Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}. A program runs once per
    /// instance, which is not used again${wasi ? '; exit code 0 is not an error' : ''}.
    pub ${fn} ${name}(&mut self) -> Result<()> {
${called}
        self.failed = true;
${end}
    }
`;
}

/** Characters of the longest argument that is written into a call. */
const SHORT = 30;

function method({ fn, wait }: Kit, name: string, one: WrapExport): string {
  const given = rustParameters(one);
  const params = one.params.map((type, i) => `${given[i]}: ${type}`);
  const inline = given.length === 0 ? '()' : given.length === 1 && given[0].length <= SHORT ? given[0] : undefined;
  const prepared = inline === undefined ? `        let params = ${tuple(8, given)};\n` : '';
  return `    /// Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.
${signature(4, `pub ${fn} ${name}`, ['&mut self', ...params], `Result<${tupleType(4, one.results)}>`)}
        let function = self.${name}.clone();
${prepared}        self.call(&function, ${inline ?? 'params'})${wait}
    }
`;
}
