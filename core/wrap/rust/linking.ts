/** Rust: the imports of the module, defined in a linker. */
import { FUNCREF } from '../../wasm/types.ts';
import { Identifiers } from '../identifiers.ts';
import { nameInComment, rustString } from '../quoting.ts';
import type { FunctionImport, StateImport, Surface } from '../surface.ts';
import { allowed, callExpression, errorMessage, signature, tupleType } from './layout.ts';
import { KEYWORDS, type Parts } from './parts.ts';

/**
 * Type `State` and how a linker is made that has the imports of the module. Shared memories are in the linker, for all
 * instances, where the surface has a common memory; else each instance gets its own with the other imported state.
 */
export function linking(surface: Surface): Parts {
  const names = ['Engine', 'Linker', 'Module', 'Result'];
  const scope = new Identifiers('snake', [
    ...KEYWORDS,
    // Of the templates and of the prelude.
    'typed',
    'drop',
    'instance',
    'module',
    'linker',
    'engine',
    'store',
    'memory',
    'link',
    'new_engine',
    'calls',
    'outcomes',
    'function',
    'threads_match_a_single_thread',
    'threads_without_a_lock',
    'threads_with_a_lock',
    'compare',
  ]);
  const stubs = surface.functions.map((one) => ({
    one,
    name: scope.claim(`${one.module} ${one.name}`, `import ${one.name}`),
  }));
  if (stubs.length > 0) names.push('Caller', 'Error');
  const shared = surface.commonMemory ? surface.state.filter(isSharedMemory) : [];
  const own = surface.state.filter((one) => !shared.includes(one));
  const state = surface.wasi
    ? `/// The data of a store, which host functions access with \`Caller::data\`. Every instance has its own.
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
    : `/// The data of a store, which host functions access with \`Caller::data\`. Every instance has its own.
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
    lines.push('    // Many threads call host functions concurrently.\n');
    for (const { one, name } of stubs)
      lines.push(
        `${callExpression(4, 'linker.func_wrap', [rustString(one.module), rustString(one.name), name], '?;')}\n`,
      );
  }
  if (shared.length > 0) {
    names.push('MemoryType', 'SharedMemory', 'Store');
    lines.push('    // One memory for all instances: it belongs to no store, but the linker needs one.\n');
    lines.push('    let store = Store::new(engine, State::new());\n');
    for (const one of shared) {
      if (one.kind !== 'memory') continue;
      const { min, max } = one.type.limits;
      lines.push(
        `    let memory = SharedMemory::new(engine, MemoryType::shared(${min}, ${max ?? min}))?;\n`,
        `${callExpression(4, 'linker.define', ['&store', rustString(one.module), rustString(one.name), 'memory'], '?;')}\n`,
      );
    }
  }
  const mutable = lines.length > 0 ? 'mut ' : '';
  const linker = `
/// A linker with everything that the module imports.
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

function stub(name: string, { module, name: imported, params, results }: FunctionImport): string {
  const given = params.map((type, i) => `_p${i}: ${type}`);
  return `
/// TODO: implement the import ${nameInComment(imported)} of ${nameInComment(module)}; until then, calls to it fail.
${allowed('', params.length + 1)}${signature(0, `fn ${name}`, [`_caller: Caller<'_, State>`, ...given], `Result<${tupleType(0, results)}>`)}
${errorMessage(`"${name} is not implemented"`)}
}
`;
}

const VALUES: Readonly<Record<string, string>> = { i32: 'I32', i64: 'I64', f32: 'F32', f64: 'F64' };

/** The imported state of an instance: memories, tables and globals belong to one store. */
function linkedType(state: readonly StateImport[]): Parts {
  const names = ['Extern'];
  const lines = state.map((one) => {
    const { maker, args, used } = definition(one);
    names.push(...used);
    return `${callExpression(8, `let item = ${maker}`, args, '?;')}
${callExpression(8, 'linker.define', ['&store', rustString(one.module), rustString(one.name), 'Extern::from(item)'], '?;')}
`;
  });
  return {
    text: `
/// The module, and a linker without the state that the module imports.
struct Linked {
    linker: Linker<State>,
    module: Module,
}

impl Linked {
    /// Memories, tables and globals belong to one store, so each instance gets its own: globals are zero, tables are
    /// null. Set here what your module expects to find.
    fn instantiate(&self, mut store: &mut Store<State>) -> Result<wasmtime::Instance> {
        let mut linker = self.linker.clone();
${lines.join('')}        linker.instantiate(&mut store, &self.module)
    }
}
`,
    names: [...names, 'Store'],
  };
}

const isSharedMemory = (one: StateImport): boolean => one.kind === 'memory' && one.type.limits.shared;

interface Definition {
  maker: string;
  args: string[];
  used: string[];
}

function definition(one: StateImport): Definition {
  const optional = (value: bigint | undefined): string => (value === undefined ? 'None' : `Some(${value})`);
  switch (one.kind) {
    case 'memory': {
      const { min, max } = one.type.limits;
      if (isSharedMemory(one)) {
        const type = `MemoryType::shared(${min}, ${max ?? min})`;
        return { maker: 'SharedMemory::new', args: ['store.engine()', type], used: ['MemoryType', 'SharedMemory'] };
      }
      const type = `MemoryType::new(${min}, ${optional(max)})`;
      return { maker: 'Memory::new', args: ['&mut store', type], used: ['Memory', 'MemoryType'] };
    }
    case 'table': {
      const { min, max } = one.type.limits;
      const [type, value] = one.type.type === FUNCREF ? ['FUNCREF', 'Func'] : ['EXTERNREF', 'Extern'];
      return {
        maker: 'Table::new',
        args: ['&mut store', `TableType::new(RefType::${type}, ${min}, ${optional(max)})`, `Ref::${value}(None)`],
        used: ['Table', 'TableType', 'RefType', 'Ref'],
      };
    }
    case 'global': {
      const value = VALUES[one.value];
      const type = `GlobalType::new(ValType::${value}, Mutability::${one.type.mutable ? 'Var' : 'Const'})`;
      return {
        maker: 'Global::new',
        args: ['&mut store', type, `Val::${value}(0)`],
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
