/** Rust: the type `Maker`, which has all that instances share and makes the store and the imported state of one. */

import { rustString } from '../../harmless/code.ts';
import { FUNCREF, type Limits } from '../../wasm/types.ts';
import type { StateImport, Surface } from '../surface.ts';
import { adapters, definedImports, importNames, importsTrait, stateType } from './imports.ts';
import { type Kit, memoriesInCommon } from './kit.ts';
import { callExpression, signature } from './layout.ts';

/** Pages of the stack that an instance gets over a memory which others use: as much as wasm-ld reserves. */
const STACK_PAGES = 1;

/** Trait `Imports`, types `State` and `Maker`. */
export function maker(kit: Kit): string {
  const { surface, arg, bound, asynchronous, common, linked } = kit;
  const names = importNames(surface);
  const state = kit.of('State');
  const lines = definedImports(kit, names);
  const fields = [
    'engine: Engine',
    ...(linked ? [`linker: Linker<${state}>`, 'module: Module'] : [`source: InstancePre<${state}>`]),
    ...(common ? ['/// Those that the instances share.\n    memories: Vec<SharedMemory>'] : []),
    `options: ${kit.type('Options')}`,
    ...(arg === '' ? [] : ['imports: Box<dyn Fn() -> I + Send + Sync>']),
  ];
  const mutable = lines.length > 0 ? 'mut ' : '';
  const parameters = ['wasm: &[u8]', `mut options: ${kit.type('Options')}`];
  if (arg !== '') parameters.push('imports: Box<dyn Fn() -> I + Send + Sync>');
  const given = ['engine', ...(linked ? ['linker', 'module'] : ['source']), ...(common ? ['memories'] : []), 'options'];
  if (arg !== '') given.push('imports');
  return `${importsTrait(kit, names)}${stateType(kit)}
/// What all instances have in common, and how one is made.
struct ${kit.of('Maker')} {
${fields.map((field) => `    ${field},\n`).join('')}}

impl${bound} ${kit.of('Maker')} {
${signature(4, 'fn new', parameters, 'Result<Self>')}
        let engine = options.engine()?;
        let module = Module::new(&engine, wasm)?;
        let ${mutable}linker = Linker::new(&engine);
${lines.join('')}${linked ? '' : '        let source = linker.instantiate_pre(&module)?;\n'}${common ? memories(surface) : ''}        Ok(Self {
${given.map((one) => `            ${one},\n`).join('')}        })
    }

    fn store(&self) -> Result<Store<${state}>> {
        let mut limits = StoreLimitsBuilder::new();
        if let Some(bytes) = self.options.max_memory {
            limits = limits.memory_size(bytes);
        }
${surface.wasi ? WASI : ''}        let state = ${kit.type('State')} {
${arg === '' ? '' : '            imports: (self.imports)(),\n'}            limits: limits.build(),
${surface.wasi ? '            wasi: wasi.build_p1(),\n' : ''}        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limits);
${asynchronous ? '        store.epoch_deadline_async_yield_and_update(1);\n' : '        store.set_epoch_deadline(self.epochs());\n'}        Ok(store)
    }
${asynchronous ? '' : EPOCHS}${linked ? linker(kit, names.globals) : ''}${stack(kit)}}
${adapters(kit, names)}`;
}

/** Statements that make `memories`, those that instances share, with `engine`. */
export const memories = (surface: Surface): string => {
  const made = memoriesInCommon(surface).map(({ type: { limits } }, i) => [
    `memory_${i}`,
    `        let memory_${i} = SharedMemory::new(&engine, ${sharedType(limits)})?;\n`,
  ]);
  return `${made.map(([, line]) => line).join('')}        let memories = vec![${made.map(([name]) => name).join(', ')}];\n`;
};

const sharedType = ({ min, max }: Limits): string => `MemoryType::shared(${min}, ${max ?? min})`;

const WASI = `        let mut wasi = wasmtime_wasi::WasiCtxBuilder::new();
        (self.options.wasi)(&mut wasi)?;
`;

const EPOCHS = `
    /// The epochs that a call has.
    fn epochs(&self) -> u64 {
        self.options.call_timeout.map_or(u64::MAX / 2, |timeout| {
            let epochs = timeout.as_nanos() / EPOCH.as_nanos();
            u64::try_from(epochs).map_or(u64::MAX / 2, |epochs| epochs + 1)
        })
    }
`;

/** A method that grows the memory by the stack of an instance. */
const stack = ({ stack: handle }: Kit): string =>
  handle === undefined
    ? ''
    : `
    /// Grows the memory by the stack of one instance and returns its upper end, where stacks begin.
    fn stack(&self) -> Result<i32> {
        let first = self.memories[0].grow(${STACK_PAGES});
        let first = first.map_err(|error| error.context("there is no room for another stack"))?;
        Ok(((first + ${STACK_PAGES}) * 65_536) as u32 as i32)
    }
`;

/** A method that links the state of one instance: memories, tables and globals belong to one store. */
function linker(kit: Kit, globals: ReadonlyMap<StateImport, string>): string {
  const { surface, common, stack: handle } = kit;
  const shared: readonly StateImport[] = common ? memoriesInCommon(surface) : [];
  const lines = surface.state.map((one) => {
    const index = shared.indexOf(one);
    if (index >= 0) return linkedItem(one, `self.memories[${index}].clone()`);
    const isStack =
      one.kind === 'global' &&
      handle !== undefined &&
      'module' in handle &&
      handle.module === one.module &&
      handle.name === one.name;
    const { setup, made, args } = definition(one, isStack ? 'self.stack()?' : globals.get(one));
    return `${setup}${callExpression(8, `let item = ${made}`, args, '?;')}
${linkedItem(one, 'item')}`;
  });
  const state = kit.of('State');
  return `
    /// The linker with memories, tables and globals of one instance: tables are null.
${signature(4, 'fn linker', ['&self', `store: &mut Store<${state}>`], `Result<Linker<${state}>>`)}
        let mut linker = self.linker.clone();
${lines.join('')}        Ok(linker)
    }
`;
}

const linkedItem = (one: StateImport, item: string): string =>
  `${callExpression(8, 'linker.define', ['&mut *store', rustString(one.module), rustString(one.name), item], '?;')}\n`;

const VALUES: Readonly<Record<string, (given: string) => string>> = {
  i32: (given) => `Val::I32(${given})`,
  i64: (given) => `Val::I64(${given})`,
  f32: (given) => `Val::F32(${given}.to_bits())`,
  f64: (given) => `Val::F64(${given}.to_bits())`,
};

interface Definition {
  setup: string;
  made: string;
  args: string[];
}

/** `value`: of a global, an expression, or the function of the trait that gives it. */
function definition(one: StateImport, value: string | undefined): Definition {
  const optional = (number: bigint | undefined): string => (number === undefined ? 'None' : `Some(${number})`);
  switch (one.kind) {
    case 'memory': {
      const { min, max, shared } = one.type.limits;
      if (shared) return { setup: '', made: 'SharedMemory::new', args: ['&self.engine', sharedType(one.type.limits)] };
      return { setup: '', made: 'Memory::new', args: ['&mut *store', `MemoryType::new(${min}, ${optional(max)})`] };
    }
    case 'table': {
      const { min, max } = one.type.limits;
      const [type, none] = one.type.type === FUNCREF ? ['FUNCREF', 'Func'] : ['EXTERNREF', 'Extern'];
      return {
        setup: `        let ty = TableType::new(RefType::${type}, ${min}, ${optional(max)});\n`,
        made: 'Table::new',
        args: ['&mut *store', 'ty', `Ref::${none}(None)`],
      };
    }
    case 'global': {
      const isMethod = value !== undefined && /^\w+$/.test(value);
      const given = isMethod ? 'value' : (value ?? '0');
      const type = `GlobalType::new(ValType::${one.value.toUpperCase()}, Mutability::${one.type.mutable ? 'Var' : 'Const'})`;
      return {
        setup: `${isMethod ? `        let value = store.data().imports.${value}();\n` : ''}        let ty = ${type};\n`,
        made: 'Global::new',
        args: ['&mut *store', 'ty', VALUES[one.value](given)],
      };
    }
  }
}
