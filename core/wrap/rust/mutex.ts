/** Rust, Wasmtime: one instance for all threads, behind a lock that is held for whole protocols. */
import { nameInComment } from '../quoting.ts';
import type { Surface, WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { ENDLESS_CALLS, rustHead, rustProtocolAdvice, stateAdvice } from './file.ts';
import { allowed, signature, tupleType } from './layout.ts';
import { linking, makeSource } from './linking.ts';
import { hasMemory, INSTANCE_NAMES, rustInstance, rustNames, rustParameters, sourceType } from './parts.ts';

/** Source of a module with the type `Guarded`: `run` lends the one instance to a closure while it holds the lock. */
export function rustMutex(input: WrapInput): string {
  const { moduleFile, module } = input;
  const surface = ownState(input.surface);
  const memory = hasMemory(surface, module.memories[0]?.limits.shared === true);
  const names = rustNames(surface.exports, [...INSTANCE_NAMES, 'run', 'reset', 'lock', 'engine', 'source', 'instance']);
  const instance = rustInstance(surface, names, moduleFile, memory);
  const linked = linking(surface);
  const head = rustHead(
    input,
    `One instance of ${moduleFile} for Wasmtime, guarded by a lock: one thread at a time uses it.`,
    [...rustProtocolAdvice(input, names, memory), ...stateAdvice(surface), ENDLESS_CALLS],
    ['use std::sync::{Mutex, MutexGuard};'],
    [...instance.names, ...linked.names, 'Error'],
  );
  return `${head}
/// One instance of ${nameInComment(moduleFile)} and its lock.
pub struct Guarded {
    engine: Engine,
    source: ${sourceType(surface)},
    instance: Mutex<Instance>,
}

impl Guarded {
    /// Compiles the module and creates the instance.
    pub fn new(wasm: &[u8]) -> Result<Self> {
        let engine = new_engine()?;
        let module = Module::new(&engine, wasm)?;
        let linker = link(&engine)?;
        ${makeSource(surface)}
        let instance = Mutex::new(Instance::new(&engine, &source)?);
        Ok(Self {
            engine,
            source,
            instance,
        })
    }

    /// Runs \`f\` with exclusive use of the instance. Make all calls that belong together in one \`f\`: between
    /// two runs, another thread can change what one call leaves in memory for the next. Neither \`f\`
    /// nor a host function that the module calls may call \`run\`: the lock is not reentrant, and the inner call
    /// deadlocks. A host function may call the module through the \`Caller\` that it gets.
    pub fn run<R>(&self, f: impl FnOnce(&mut Instance) -> Result<R>) -> Result<R> {
        let mut instance = self.lock();
        if instance.failed {
            return Err(Error::msg("an earlier call failed: use reset"));
        }
        f(&mut instance)
    }

    /// Replaces the instance with a new one. The state of the old one is lost, imported state included.
    pub fn reset(&self) -> Result<()> {
        let mut instance = self.lock();
        *instance = Instance::new(&self.engine, &self.source)?;
        self.instance.clear_poison();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Instance> {
        self.instance.lock().unwrap_or_else(|poisoned| {
            // A protocol panicked: the state of the instance is unknown.
            let mut instance = poisoned.into_inner();
            instance.failed = true;
            instance
        })
    }

${surface.exports.map((one) => convenience(names.get(one) ?? '', one)).join('\n')}}

${instance.text}
${linked.text}`;
}

/** There is one instance, and `reset` makes all of it new: also a shared memory is its own. */
const ownState = (surface: Surface): Surface => ({
  ...surface,
  privateState: surface.privateState || surface.commonMemory,
  commonMemory: false,
});

function convenience(method: string, one: WrapExport): string {
  const names = rustParameters(one);
  const params = one.params.map((type, i) => `${names[i]}: ${type}`);
  const given = names.join(', ');
  const inner = `instance.${method}(${given})`;
  const line = `        self.run(|instance| ${inner})`;
  const block = given.length > 60 ? `instance.${method}(\n                ${given},\n            )` : inner;
  const body =
    line.length <= 100 && given.length <= 60 ? line : `        self.run(|instance| {\n            ${block}\n        })`;
  return `    /// Calls the export ${nameInComment(one.name)} in its own \`run\`.
${allowed('    ', params.length + 1)}${signature(4, `pub fn ${method}`, ['&self', ...params], `Result<${tupleType(4, one.results)}>`)}
${body}
    }
`;
}
