/** Rust, Wasmtime: what hammer tests run calls with, the host with its functions, and what comes of a call. */

import { rustString } from '../../harmless/code.ts';
import type { Surface } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { type Kit, kitOf, memoriesInCommon } from './kit.ts';
import { callExpression } from './layout.ts';
import { lifeFunctions, lifeLines } from './life.ts';
import { memories } from './maker.ts';

/** The types \`Host\` and \`Outcome\`, and the functions that run calls. */
export function host(input: WrapInput): string {
  const { surface } = input;
  const kit: Kit = {
    ...kitOf({ ...input, asynchronous: false }, 'Pool', surface),
    arg: '',
    bound: '',
    of: (base) => base,
  };
  const common = surface.commonMemory;
  const shared = common ? memoriesInCommon(surface) : [];
  const state = surface.wasi ? 'WasiP1Ctx' : '()';
  const life = lifeLines(kit).replaceAll('maker.stack()', 'self.stack()');
  const define = shared
    .map(
      (one, i) =>
        `${callExpression(8, 'linker.define', ['&store', rustString(one.module), rustString(one.name), `self.memories[${i}].clone()`], '?;')}\n`,
    )
    .join('');
  const stack = kit.stack === undefined ? '' : STACK;
  return `/// The data of a store.
type State = ${state};

/// The compiled module${common ? ', and the memory that its instances share' : ''}.
struct Host {
    engine: Engine,
    module: Module,
${common ? '    memories: Vec<SharedMemory>,\n' : ''}}

impl Host {
    fn new() -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(WASM);
        let wasm = std::fs::read(&path);
        let wasm = wasm.map_err(|error| Error::msg(format!("{}: {error}", path.display())))?;
        let mut config = Config::new();
        config.epoch_interruption(true);
${surface.threads ? '        config.shared_memory(true);\n' : ''}        let engine = Engine::new(&config)?;
        count_epochs(&engine)?;
        let module = Module::new(&engine, &wasm)?;
${common ? WITHOUT_MEMORY : '        Ok(Self { engine, module })\n'}    }
${common ? freshMemories(surface) : ''}
    /// A new instance in a store of its own${common ? '; the first one initialises the memory' : ''}.
    fn instance(&self${common ? ', first: bool' : ''}) -> Result<(Store<State>, wasmtime::Instance)> {
${common && !/\bfirst\b/.test(life) ? '        let _ = first;\n' : ''}${surface.wasi ? '        let wasi = wasmtime_wasi::WasiCtxBuilder::new().build_p1();\n' : ''}        let mut store = Store::new(&self.engine, ${surface.wasi ? 'wasi' : '()'});
        store.set_epoch_deadline(10 * CALL_EPOCHS);
        let linker = self.link(&mut store)?;
        let instance = linker.instantiate(&mut store, &self.module)?;
${life}        Ok((store, instance))
    }

    /// What the module imports: functions that return zero, and state that is zero. Define your own before the last line.
    fn link(&self, store: &mut Store<State>) -> Result<Linker<State>> {
        let mut linker = Linker::new(&self.engine);
${surface.wasi ? '        wasmtime_wasi::p1::add_to_linker_sync(&mut linker, |state| state)?;\n' : ''}${define.replaceAll('&store', '&mut *store')}${stackImport(kit)}        linker.define_unknown_imports_as_default_values(store, &self.module)?;
        Ok(linker)
    }
${stack}}

/// Counts epochs of 10 ms until the engine is no longer in use.
fn count_epochs(engine: &Engine) -> Result<()> {
    let engine = engine.weak();
    thread::Builder::new().spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(Duration::from_millis(10));
        }
    })?;
    Ok(())
}

/// What comes of a call. Results are text, so that NaN equals NaN.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Returned(String),
    Failed(String),
    DidNotReturn,
}

impl Outcome {
    fn has_returned(&self) -> bool {
        matches!(self, Self::Returned(_))
    }
}

fn outcome(store: &mut Store<State>, instance: &wasmtime::Instance, call: &Call) -> Outcome {
    let Some(function) = instance.get_func(&mut *store, call.export) else {
        return Outcome::Failed("the module exports no such function".into());
    };
    let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
    store.set_epoch_deadline(CALL_EPOCHS);
    match function.call(store, &call.params, &mut results) {
        Ok(()) => Outcome::Returned(format!("{results:?}")),
        Err(error) if matches!(error.downcast_ref(), Some(Trap::Interrupt)) => {
            Outcome::DidNotReturn
        }
        Err(error) => Outcome::Failed(error.root_cause().to_string()),
    }
}

/// Runs \`work\` in a thread for each item, which all begin at the same moment.
fn at_once<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let gate = Barrier::new(items.len());
    let (gate, work) = (&gate, &work);
    thread::scope(|scope| {
        let begin = |item| {
            scope.spawn(move || {
                gate.wait();
                work(item)
            })
        };
        let threads: Vec<_> = items.into_iter().map(begin).collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended.map(|one| one.expect("no panic")).collect()
    })
}
${lifeFunctions(kit)}`;
}

const WITHOUT_MEMORY = `        Ok(Self {
            engine,
            module,
            memories: Vec::new(),
        })
`;

const freshMemories = (surface: Surface): string => `
    /// The same with new memory.
    fn fresh(&self) -> Result<Self> {
        let engine = self.engine.clone();
${memories(surface)}        Ok(Self {
            engine,
            module: self.module.clone(),
            memories,
        })
    }
`;

const STACK = `
    /// Grows the memory by the stack of one instance and returns its upper end, where stacks begin.
    fn stack(&self) -> Result<i32> {
        let first = self.memories[0].grow(1)?;
        Ok(((first + 1) * 65_536) as u32 as i32)
    }
`;

const stackImport = ({ stack }: Kit): string =>
  stack === undefined || !('module' in stack)
    ? ''
    : `        let ty = wasmtime::GlobalType::new(wasmtime::ValType::I32, wasmtime::Mutability::Var);
        let stack = wasmtime::Global::new(&mut *store, ty, Val::I32(self.stack()?))?;
${callExpression(8, 'linker.define', ['&mut *store', rustString(stack.module), rustString(stack.name), 'stack'], '?;')}
`;
