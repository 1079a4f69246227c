/** Pieces that the Rust templates are made of: the instance with a method an export, and the linker. */
import { CLASS_TEXT } from '../../../../server/src/analysis/wording.ts';
import { FUNCREF } from '../../../../server/src/wasm/types.ts';
import { signatureText } from '../go/parts.ts';
import { Identifiers } from '../identifiers.ts';
import { parameterNames } from '../parameters.ts';
import { inComment, rustString } from '../quoting.ts';
import { type ImportedFunction, type ImportedState, numTypeOf, type Surface, type WrapExport } from '../surface.ts';
import { allowed, call, errorMessage, functionField, methodCall, signature, tuple, tupleType } from './layout.ts';

const KEYWORDS =
  'as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while abstract become box do final macro override priv try typeof unsized virtual yield'.split(
    ' ',
  );

export function rustNames(exports: readonly WrapExport[], reserved: readonly string[]): Map<WrapExport, string> {
  const scope = new Identifiers('snake', [...KEYWORDS, ...reserved]);
  return new Map(exports.map((one) => [one, scope.claim(one.name, `export ${one.position}`)]));
}

/** Names of the parameters of a method. */
export const rustParameters = (one: WrapExport): string[] =>
  parameterNames(one, 'snake', [...KEYWORDS, 'result', 'instance']);

/** Names of `Instance` itself, which no export gets. */
export const INSTANCE_NAMES = ['store', 'memory', 'failed', 'new', 'noted', 'discard', 'read_memory', 'write_memory'];

/** Memory 0, where it is exported and unshared, which is what `Memory` stands for. */
export const hasMemory = ({ memoryExport, memory }: Surface, shared: boolean): boolean =>
  memory && memoryExport !== undefined && !shared;

export interface Parts {
  text: string;
  /** Names of the crate `wasmtime` that it needs. */
  names: string[];
}

/** How an instance is made: from a linked module, or with state of its own linked in first. */
export const sourceType = ({ privateState }: Surface): string => (privateState ? 'Linked' : 'InstancePre<State>');

export function instanceType(
  surface: Surface,
  names: ReadonlyMap<WrapExport, string>,
  moduleFile: string,
  memory: boolean,
): Parts {
  const { exports } = surface;
  const nameOf = (one: WrapExport): string => names.get(one) ?? '';
  const fields = exports.map((one) => functionField(nameOf(one), one.params, one.results));
  const made = exports.map((one) =>
    call(12, `${nameOf(one)}: typed`, ['&instance', '&mut store', rustString(one.name)], '?,'),
  );
  // Types of the module are as they are.
  const wide = exports.some(({ params, results }) => params.length + results.length > 6);
  const text = `/// An instance of ${inComment(moduleFile)} in a store of its own.
///
/// A call that fails leaves its state neither old nor new: such an instance is not used again.
${wide ? '#[allow(clippy::type_complexity)]\n' : ''}pub struct Instance {
    store: Store<State>,
${memory ? '    memory: Memory,\n' : ''}    failed: bool,
${fields.join('\n')}
}

impl Instance {
    fn new(engine: &Engine, source: &${sourceType(surface)}) -> Result<Self> {
        let mut store = Store::new(engine, State::new());
        let instance = source.instantiate(&mut store)?;
${surface.initialize ? INITIALIZE : ''}${memory ? memoryLines(surface) : ''}        Ok(Self {
${made.join('\n')}
${memory ? '            memory,\n' : ''}            failed: false,
            store,
        })
    }

    /// Tells that the state of the instance is of no use any more: nobody gets to see it again.
    pub fn discard(&mut self) {
        self.failed = true;
    }

    fn noted<T>(&mut self, result: Result<T>) -> Result<T> {
        self.failed |= result.is_err();
        result
    }
${memory ? MEMORY_METHODS : ''}
${exports.map((one) => instanceMethod(nameOf(one), one)).join('\n')}}

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

const INITIALIZE = `        typed::<(), ()>(&instance, &mut store, "_initialize")?.call(&mut store, ())?;
`;

const memoryLines = ({ memoryExport }: Surface): string => `        let memory = instance
            .get_memory(&mut store, ${rustString(memoryExport ?? '')})
            .ok_or_else(|| Error::msg("the module exports no such memory"))?;
`;

const MEMORY_METHODS = `
    /// Copies \`size\` bytes out of the memory.
    pub fn read_memory(&self, offset: u32, size: u32) -> Result<Vec<u8>> {
        let range = offset as usize..offset as usize + size as usize;
        let data = self.memory.data(&self.store).get(range);
        data.map(<[u8]>::to_vec)
            .ok_or_else(|| Error::msg("these bytes lie outside of the memory"))
    }

    /// Copies \`data\` into the memory.
    pub fn write_memory(&mut self, offset: u32, data: &[u8]) -> Result<()> {
        Ok(self.memory.write(&mut self.store, offset as usize, data)?)
    }
`;

function instanceMethod(method: string, one: WrapExport): string {
  const given = rustParameters(one);
  const params = one.params.map((type, i) => `${given[i]}: ${type}`);
  return `    /// Calls the export ${inComment(one.name)}, ${signatureText(one)}: ${CLASS_TEXT[one.class]}.
${allowed('    ', params.length + 1)}${signature(4, `pub fn ${method}`, ['&mut self', ...params], `Result<${tupleType(4, one.results)}>`)}
${methodCall(8, 'let result = ', ['self', method, 'call'], ['&mut self.store', tuple(12, given)])}
        self.noted(result)
    }
`;
}

/** Type `State` and how a linker is made that has the imports of the module. */
export function linking(surface: Surface): Parts {
  const names = ['Engine', 'Linker', 'Module', 'Result'];
  const scope = new Identifiers('snake', [
    ...KEYWORDS,
    'typed',
    'link',
    'new_engine',
    'calls',
    'outcomes',
    'function',
    'threads_get_what_one_alone_gets',
  ]);
  const stubs = surface.functions.map((one) => ({
    one,
    name: scope.claim(`${one.module} ${one.name}`, `import ${one.name}`),
  }));
  if (stubs.length > 0) names.push('Caller', 'Error');
  const shared = surface.state.filter((one) => one.kind === 'memory' && one.type.limits.shared);
  const own = surface.state.filter((one) => !shared.includes(one));
  const state = surface.wasi
    ? `/// What host functions find in \`Caller::data\`; every instance has its own.
pub struct State {
    wasi: WasiP1Ctx,
}

impl State {
    fn new() -> Self {
        Self {
            wasi: wasmtime_wasi::WasiCtxBuilder::new().build_p1(),
        }
    }
}
`
    : `/// What host functions find in \`Caller::data\`; every instance has its own.
pub struct State {}

impl State {
    fn new() -> Self {
        Self {}
    }
}
`;
  const lines: string[] = [];
  if (surface.wasi) lines.push('    p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)?;\n');
  if (stubs.length > 0) {
    lines.push('    // Host functions are called by many threads at once.\n');
    for (const { one, name } of stubs)
      lines.push(`${call(4, 'linker.func_wrap', [rustString(one.module), rustString(one.name), name], '?;')}\n`);
  }
  if (shared.length > 0) {
    names.push('MemoryType', 'SharedMemory', 'Store');
    lines.push('    // One memory for all instances: it belongs to no store, but the linker asks for one.\n');
    lines.push('    let store = Store::new(engine, State::new());\n');
    for (const one of shared) {
      if (one.kind !== 'memory') continue;
      const { min, max } = one.type.limits;
      lines.push(
        `    let memory = SharedMemory::new(engine, MemoryType::shared(${min}, ${max ?? min}))?;\n`,
        `${call(4, 'linker.define', ['&store', rustString(one.module), rustString(one.name), 'memory'], '?;')}\n`,
      );
    }
  }
  const mutable = lines.length > 0 ? 'mut ' : '';
  const linker = `
/// A linker with what the module imports.
fn link(engine: &Engine) -> Result<Linker<State>> {
    let ${mutable}linker = Linker::new(engine);
${lines.join('')}    Ok(linker)
}
${stubs.map(({ one, name }) => stub(name, one)).join('')}`;
  const privately = surface.privateState ? linkedType(own) : { text: '', names: ['InstancePre'] };
  const engine = newEngine(surface);
  return {
    text: `${state}${engine.text}${linker}${privately.text}`,
    names: [...names, ...engine.names, ...privately.names],
  };
}

function stub(name: string, { module, name: imported, params, results }: ImportedFunction): string {
  const given = params.map((type, i) => `_p${i}: ${type}`);
  return `
/// TODO: write the import ${inComment(imported)} of ${inComment(module)}; a call of it fails until then.
${allowed('', params.length + 1)}${signature(0, `fn ${name}`, [`_caller: Caller<'_, State>`, ...given], `Result<${tupleType(0, results)}>`)}
${errorMessage(`"${name} is not written"`)}
}
`;
}

const VALUES: Readonly<Record<string, string>> = { i32: 'I32', i64: 'I64', f32: 'F32', f64: 'F64' };

/** What imported state an instance gets: memories, tables and globals belong to one store. */
function linkedType(state: readonly ImportedState[]): Parts {
  const names = ['Extern'];
  const lines = state.map((one) => {
    const { maker, args, used } = definition(one);
    names.push(...used);
    return `${call(8, `let item = ${maker}`, ['&mut store', ...args], '?;')}
${call(8, 'linker.define', ['&store', rustString(one.module), rustString(one.name), 'Extern::from(item)'], '?;')}
`;
  });
  return {
    text: `
/// The module, and a linker that lacks the state which the module imports.
struct Linked {
    linker: Linker<State>,
    module: Module,
}

impl Linked {
    /// Memories, tables and globals belong to one store: each instance gets its own, globals with zero and tables
    /// with null. Put in here what your module expects to find.
    fn instantiate(&self, mut store: &mut Store<State>) -> Result<wasmtime::Instance> {
        let mut linker = self.linker.clone();
${lines.join('')}        linker.instantiate(&mut store, &self.module)
    }
}
`,
    names: [...names, 'Store'],
  };
}

interface Definition {
  maker: string;
  args: string[];
  used: string[];
}

function definition(one: ImportedState): Definition {
  const optional = (value: bigint | undefined): string => (value === undefined ? 'None' : `Some(${value})`);
  switch (one.kind) {
    case 'memory': {
      const { min, max } = one.type.limits;
      const type = `MemoryType::new(${min}, ${optional(max)})`;
      return { maker: 'Memory::new', args: [type], used: ['Memory', 'MemoryType'] };
    }
    case 'table': {
      const { min, max } = one.type.limits;
      const [type, value] = one.type.type === FUNCREF ? ['FUNCREF', 'Func'] : ['EXTERNREF', 'Extern'];
      return {
        maker: 'Table::new',
        args: [`TableType::new(RefType::${type}, ${min}, ${optional(max)})`, `Ref::${value}(None)`],
        used: ['Table', 'TableType', 'RefType', 'Ref'],
      };
    }
    case 'global': {
      const value = VALUES[numTypeOf(one.type.type)];
      const type = `GlobalType::new(ValType::${value}, Mutability::${one.type.mutable ? 'Var' : 'Const'})`;
      return {
        maker: 'Global::new',
        args: [type, `Val::${value}(0)`],
        used: ['Global', 'GlobalType', 'Mutability', 'Val', 'ValType'],
      };
    }
  }
}

/** Function `new_engine`; wasmtime refuses shared memories unless it is told. */
const newEngine = ({ threads }: Surface): Parts => ({
  text: threads
    ? `
fn new_engine() -> Result<Engine> {
    let mut config = Config::new();
    config.shared_memory(true);
    Engine::new(&config)
}
`
    : `
fn new_engine() -> Result<Engine> {
    Engine::new(&Config::new())
}
`,
  names: ['Config'],
});

/** Statements that make the source of instances from `module` and `linker`. */
export const makeSource = ({ privateState }: Surface): string =>
  privateState ? 'let source = Linked { linker, module };' : 'let source = linker.instantiate_pre(&module)?;';
