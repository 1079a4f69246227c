/** Pieces that the Rust templates are made of: the instance, with a method an export. */
import { CLASS_TEXT } from '../../analysis/hazardText.ts';
import { Identifiers } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import { nameInComment, rustString } from '../quoting.ts';
import { functionTypeText } from '../signature.ts';
import { isProgram, type Surface, type WrapExport } from '../surface.ts';
import { allowed, callExpression, functionField, methodCall, signature, tuple, tupleType } from './layout.ts';
import { typedLife } from './life.ts';

/** Keywords of Rust, also those that are only reserved (https://doc.rust-lang.org/reference/keywords.html). */
export const KEYWORDS =
  'as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while abstract become box do final macro override priv try typeof unsized virtual yield'.split(
    ' ',
  );

/** A method name for each export, all different. `reserved`: names that are taken, besides the keywords. */
export function rustNames(exports: readonly WrapExport[], reserved: readonly string[]): Map<WrapExport, string> {
  const scope = new Identifiers('snake', [...KEYWORDS, ...reserved]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}

/** Names of the parameters of a method. */
export const rustParameters = (one: WrapExport): string[] =>
  parameterNames(one.names, 'snake', [...KEYWORDS, 'result', 'instance']);

/** Names of `Instance` itself, which no export gets. */
export const INSTANCE_NAMES = ['store', 'memory', 'failed', 'new', 'noted', 'discard', 'read_memory', 'write_memory'];

/** Memory 0, where it is exported and unshared, which is what `Memory` stands for. */
export const hasMemory = ({ memoryExport, memory }: Surface, shared: boolean): boolean =>
  memory && memoryExport !== undefined && !shared;

/** Items of Rust source. */
export interface Parts {
  text: string;
  /** Names of the crate `wasmtime` that it needs. */
  names: string[];
}

/** How an instance is made: from a linked module, or with state of its own linked in first. */
export const sourceType = ({ privateState }: Surface): string => (privateState ? 'Linked' : 'InstancePre<State>');

/**
 * The type `Instance`: a store, the instance in it and a method for each export. `names`: the method of each export;
 * `memory`: whether it also gets methods that read and write memory.
 */
export function rustInstance(
  surface: Surface,
  names: ReadonlyMap<WrapExport, string>,
  moduleFile: string,
  memory: boolean,
): Parts {
  const { exports } = surface;
  const nameOf = (one: WrapExport): string => names.get(one) ?? '';
  const fields = exports.map((one) => functionField(nameOf(one), one.params, one.results));
  const made = exports.map((one) =>
    callExpression(12, `${nameOf(one)}: typed`, ['&instance', '&mut store', rustString(one.name)], '?,'),
  );
  // Types of the module are as they are.
  const wide = exports.some(({ params, results }) => params.length + results.length > 6);
  const text = `/// An instance of ${nameInComment(moduleFile)} in its own store.
///
/// After a failed call its state is unknown, and it is not used again.
${wide ? '#[allow(clippy::type_complexity)]\n' : ''}pub struct Instance {
    store: Store<State>,
${memory ? '    memory: Memory,\n' : ''}    failed: bool,
${fields.join('\n')}
}

impl Instance {
    fn new(engine: &Engine, source: &${sourceType(surface)}) -> Result<Self> {
        let mut store = Store::new(engine, State::new());
        let instance = source.instantiate(&mut store)?;
${typedLife(surface)}${memory ? memoryLines(surface) : ''}        Ok(Self {
${made.join('\n')}
${memory ? '            memory,\n' : ''}            failed: false,
            store,
        })
    }

    /// Marks the state of the instance as unusable: no other caller gets this instance.
    pub fn discard(&mut self) {
        self.failed = true;
    }
${exports.every(isProgram) ? '' : NOTED}${memory ? MEMORY_METHODS : ''}
${exports.map((one) => (isProgram(one) ? program(nameOf(one), one, surface) : instanceMethod(nameOf(one), one))).join('\n')}}

fn typed<P: WasmParams, R: WasmResults>(
    instance: &wasmtime::Instance,
    store: &mut Store<State>,
    name: &str,
) -> Result<TypedFunc<P, R>> {
    instance.get_typed_func(store, name)
}
`;
  const used = ['Engine', 'Result', 'Store', 'TypedFunc', 'WasmParams', 'WasmResults'];
  if (memory) used.push('Error', 'Memory');
  return { text, names: used };
}

const memoryLines = ({ memoryExport }: Surface): string => `        let memory = instance
            .get_memory(&mut store, ${rustString(memoryExport ?? '')})
            .ok_or_else(|| Error::msg("the module does not export its memory"))?;
`;

const NOTED = `
    fn noted<T>(&mut self, result: Result<T>) -> Result<T> {
        self.failed |= result.is_err();
        result
    }
`;

const MEMORY_METHODS = `
    /// Copies \`size\` bytes out of the memory.
    pub fn read_memory(&self, offset: u32, size: u32) -> Result<Vec<u8>> {
        let range = offset as usize..offset as usize + size as usize;
        let data = self.memory.data(&self.store).get(range);
        data.map(<[u8]>::to_vec)
            .ok_or_else(|| Error::msg("the range is out of bounds of the memory"))
    }

    /// Copies \`data\` into the memory.
    pub fn write_memory(&mut self, offset: u32, data: &[u8]) -> Result<()> {
        Ok(self.memory.write(&mut self.store, offset as usize, data)?)
    }
`;

/** A method that runs a command; WASI tells exit codes apart from traps. */
function program(method: string, one: WrapExport, { wasi }: Surface): string {
  const result = wasi
    ? `match result {
            Err(error) if matches!(error.downcast_ref::<I32Exit>(), Some(I32Exit(0))) => Ok(()),
            result => result,
        }`
    : 'result';
  return `    /// Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}. A program runs once per
    /// instance, which is not used again${wasi ? '; exit code 0 is not an error' : ''}.
    pub fn ${method}(&mut self) -> Result<()> {
${wasi ? '        use wasmtime_wasi::I32Exit;\n' : ''}        let result = self.${method}.call(&mut self.store, ());
        self.failed = true;
        ${result}
    }
`;
}

function instanceMethod(method: string, one: WrapExport): string {
  const given = rustParameters(one);
  const params = one.params.map((type, i) => `${given[i]}: ${type}`);
  return `    /// Calls the export ${nameInComment(one.name)}, ${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.
${allowed('    ', params.length + 1)}${signature(4, `pub fn ${method}`, ['&mut self', ...params], `Result<${tupleType(4, one.results)}>`)}
${methodCall(8, 'let result = ', ['self', method, 'call'], ['&mut self.store', tuple(12, given)])}
        self.noted(result)
    }
`;
}
