/** Rust, Wasmtime: a bounded pool that lends out instances, each in a store of its own. */
import { nameInComment } from '../quoting.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { ENDLESS_CALLS, rustHead, rustProtocolAdvice, stateAdvice } from './file.ts';
import { linking, makeSource } from './linking.ts';
import { hasMemory, INSTANCE_NAMES, rustInstance, rustNames, sourceType } from './parts.ts';

/** Source of a module with the type `Pool`, which lends out at most `size` instances at a time. */
export function rustPool(input: WrapInput): string {
  const { surface, moduleFile, module } = input;
  const memory = hasMemory(surface, module.memories[0]?.limits.shared === true);
  const names = rustNames(surface.exports, INSTANCE_NAMES);
  const instance = rustInstance(surface, names, moduleFile, memory);
  const linked = linking(surface);
  const head = rustHead(
    input,
    `A pool of instances of ${moduleFile} for Wasmtime: all instances share the Engine and the Module, each has its own Store, and one thread at a time uses a Store.`,
    [...poolStateAdvice(input), ...rustProtocolAdvice(input, names, memory), ...stateAdvice(surface), ENDLESS_CALLS],
    [
      'use std::ops::{Deref, DerefMut};',
      'use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};',
      'use std::thread;',
      'use std::time::Duration;',
    ],
    [...instance.names, ...linked.names, 'Error'],
  );
  return `${head}
/// Lends out instances of ${nameInComment(moduleFile)}, at most \`size\` of them at a time. State stays in an instance from
/// one caller to the next: make all calls of a protocol in one \`run\`.
pub struct Pool {
    engine: Engine,
    source: ${sourceType(surface)},
    size: usize,
    slots: Mutex<Slots>,
    returned: Condvar,
}

#[derive(Default)]
struct Slots {
    idle: Vec<Instance>,
    lent: usize,
}

impl Pool {
    /// Compiles the module. Instances are created on demand.
    pub fn new(wasm: &[u8], size: usize) -> Result<Self> {
        if size == 0 {
            return Err(Error::msg("the pool size must be at least 1"));
        }
        let engine = new_engine()?;
        let module = Module::new(&engine, wasm)?;
        let linker = link(&engine)?;
        ${makeSource(surface)}
        Ok(Self {
            engine,
            source,
            size,
            slots: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    /// Runs \`f\` with exclusive use of an instance.
    pub fn run<R>(
        &self,
        timeout: Duration,
        f: impl FnOnce(&mut Instance) -> Result<R>,
    ) -> Result<R> {
        f(&mut *self.get(timeout)?)
    }

    /// Waits for an instance, which returns to the pool when the result is dropped.
    pub fn get(&self, timeout: Duration) -> Result<Lent<'_>> {
        let (mut slots, waited) = self
            .returned
            .wait_timeout_while(self.lock(), timeout, |slots| slots.lent == self.size)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Error::msg("all instances of the pool are in use"));
        }
        slots.lent += 1;
        let instance = slots.idle.pop();
        drop(slots);
        let mut lent = Lent {
            pool: self,
            instance,
        };
        if lent.instance.is_none() {
            // If that fails, dropping \`lent\` returns the slot.
            lent.instance = Some(Instance::new(&self.engine, &self.source)?);
        }
        Ok(lent)
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        // Nothing panics while it holds this lock.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An instance on loan. One with a failed call is dropped, not lent again.
pub struct Lent<'a> {
    pool: &'a Pool,
    instance: Option<Instance>,
}

impl Deref for Lent<'_> {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        self.instance.as_ref().expect("it is there until the drop")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Instance {
        self.instance.as_mut().expect("it is there until the drop")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // A protocol panicked: the state of the instance is unknown.
        let panicked = thread::panicking();
        let instance = self.instance.take();
        let kept = instance.filter(|one| !one.failed && !panicked);
        let mut slots = self.pool.lock();
        slots.lent -= 1;
        slots.idle.extend(kept);
        drop(slots);
        self.pool.returned.notify_one();
    }
}

${instance.text}
${linked.text}`;
}
