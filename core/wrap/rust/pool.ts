/** Rust, Wasmtime: a bounded pool that lends out instances, each in a store of its own. */
import { nameInComment } from '../../harmless/code.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { errors } from './errors.ts';
import { ASYNC_ADVICE, rustFile, rustProtocolAdvice, stateAdvice } from './file.ts';
import { INSTANCE_NAMES, instance } from './instance.ts';
import { type Kit, kitOf, rustNames } from './kit.ts';
import { signature } from './layout.ts';
import { maker } from './maker.ts';
import { options } from './options.ts';

/** Source of a module with the type `Pool`, which lends out at most `Options::size` instances at a time. */
export function rustPool(input: WrapInput): string {
  const { surface, moduleFile } = input;
  const kit = kitOf(input, 'Pool', surface);
  const names = rustNames(surface.exports, INSTANCE_NAMES);
  const title = `A pool of instances of ${moduleFile} for Wasmtime: all instances share the Engine and the Module, each has its own Store, and one ${kit.asynchronous ? 'task' : 'thread'} at a time uses a Store.`;
  const advice = [
    ...poolStateAdvice(input),
    ...rustProtocolAdvice(kit, names),
    ...stateAdvice(surface),
    ...(kit.asynchronous ? [ASYNC_ADVICE] : []),
  ];
  return rustFile(input, surface, title, advice, [
    pool(kit),
    lent(kit),
    options(kit),
    errors(kit),
    instance(kit, names),
    maker(kit),
  ]);
}

/** The documentation of how imports are given, if the module has any. */
export const importsDoc = ({ arg }: Kit): string =>
  arg === '' ? '' : ' `imports` makes what an instance\n    /// imports, each time that one is made.';

/** Parameters of a constructor. */
export const constructorParameters = (kit: Kit): string[] => [
  'wasm: &[u8]',
  `options: ${kit.type('Options')}`,
  ...(kit.arg === '' ? [] : ["imports: impl Fn() -> I + Send + Sync + 'static"]),
];

/** Arguments for `Maker::new`. */
export const makerArguments = ({ arg }: Kit): string => `wasm, options${arg === '' ? '' : ', Box::new(imports)'}`;

function pool(kit: Kit): string {
  const { input, bound, arg, asynchronous, fn, wait, common } = kit;
  const [type, lentType, error] = [kit.type('Pool'), kit.type('Lent'), kit.type('PoolError')];
  const slots = `Slots${arg}`;
  const made = asynchronous && common ? 'async fn' : 'fn';
  const timeout = asynchronous ? '' : 'timeout, ';
  void timeout;
  const run = asynchronous
    ? `    /// Runs \`f\` with exclusive use of an instance, as soon as there is one: \`pool.run(async |one| one.f().await)\`.
${signature(4, 'pub async fn run<R>', ['&self', `f: impl AsyncFnOnce(&mut ${kit.of('Instance')}) -> Result<R>`], 'Result<R>')}
        let mut lent = self.get().await?;
        f(&mut lent).await
    }
`
    : `    /// Runs \`f\` with exclusive use of an instance, for which it waits no longer than \`timeout\`. An \`f\` that runs another
    /// one needs two instances: if all callers hold one and wait for another, none goes on before its timeout.
    pub fn run<R>(
        &self,
        timeout: Duration,
        f: impl FnOnce(&mut ${kit.of('Instance')}) -> Result<R>,
    ) -> Result<R> {
        f(&mut *self.get(timeout)?)
    }
`;
  const get = asynchronous
    ? `    /// Waits for an instance, which returns to the pool when the result is dropped. A task that holds one and waits for
    /// another can wait forever.
    pub async fn get(&self) -> Result<${lentType}<'_${arg === '' ? '' : ', I'}>> {
        let instance = std::future::poll_fn(|context| self.poll_slot(context)).await;
`
    : `    /// Waits for an instance, which returns to the pool when the result is dropped.
    pub fn get(&self, timeout: Duration) -> Result<${lentType}<'_${arg === '' ? '' : ', I'}>> {
        let (mut slots, waited) = self
            .returned
            .wait_timeout_while(self.lock(), timeout, |slots| slots.lent == self.size)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(${error}::InUse.into());
        }
        slots.lent += 1;
        let instance = slots.idle.pop();
        drop(slots);
`;
  const poll = asynchronous
    ? `
    /// Takes a slot, with the instance in it if there is one.
${signature(4, 'fn poll_slot', ['&self', "context: &mut Context<'_>"], `Poll<Option<${kit.of('Instance')}>>`)}
        let mut slots = self.lock();
        if slots.lent < self.size {
            slots.lent += 1;
            return Poll::Ready(slots.idle.pop());
        }
        let waker = context.waker();
        if !slots.waiting.iter().any(|one| one.will_wake(waker)) {
            slots.waiting.push(waker.clone());
        }
        Poll::Pending
    }
`
    : '';
  return `/// Lends out instances of ${nameInComment(input.moduleFile)}, at most \`Options::size\` of them at a time. State stays in
/// an instance from one caller to the next: make all calls of a protocol in one \`run\`.
pub struct ${type}${bound} {
    maker: ${kit.of('Maker')},
    size: usize,
    slots: Mutex<${slots}>,
${asynchronous ? '' : '    returned: Condvar,\n'}}

struct Slots${bound} {
    idle: Vec<${kit.of('Instance')}>,
    lent: usize,
${asynchronous ? '    waiting: Vec<Waker>,\n' : ''}}

impl${bound} ${kit.of('Pool')} {
    /// Compiles the module. ${common ? 'The first instance is made at once, because it initialises the memory; others' : 'Instances'} are made on demand.${importsDoc(kit)}
${signature(4, `pub ${made} new`, constructorParameters(kit), 'Result<Self>')}
        let size = options.size;
        if size == 0 {
            return Err(${error}::NoSize.into());
        }
        let maker = Maker::new(${makerArguments(kit)})?;
        let slots = Slots {
            idle: ${common ? `vec![${kit.type('Instance')}::new(&maker, true)${wait}?]` : 'Vec::new()'},
            lent: 0,
${asynchronous ? '            waiting: Vec::new(),\n' : ''}        };
        Ok(Self {
            maker,
            size,
            slots: Mutex::new(slots),
${asynchronous ? '' : '            returned: Condvar::new(),\n'}        })
    }

    /// The engine of all instances.
    pub fn engine(&self) -> &Engine {
        &self.maker.engine
    }

${run}
${get}        let mut lent = ${lentType} {
            pool: self,
            instance,
        };
        if lent.instance.is_none() {
            // If that fails, dropping \`lent\` returns the slot.
            let made = ${kit.type('Instance')}::new(&self.maker${common ? ', false' : ''})${wait};
            lent.instance = Some(made?);
        }
        Ok(lent)
    }
${poll}
    fn lock(&self) -> MutexGuard<'_, ${slots}> {
        // Nothing panics while it holds this lock.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
`.replace(`pub ${fn} unused`, '');
}

function lent(kit: Kit): string {
  const { asynchronous, bound, arg } = kit;
  const given = arg === '' ? "<'_>" : "<'_, I>";
  const [type, instanceType] = [kit.type('Lent'), kit.of('Instance')];
  const end = asynchronous
    ? `        let waiting = mem::take(&mut slots.waiting);
        drop(slots);
        waiting.into_iter().for_each(Waker::wake);
`
    : `        drop(slots);
        self.pool.returned.notify_one();
`;
  return `/// An instance on loan. One with a failed call is dropped, not lent again.
pub struct ${type}<'a${arg === '' ? '' : `, I: ${kit.type('Imports')}`}> {
    pool: &'a ${kit.of('Pool')},
    instance: Option<${instanceType}>,
}

impl${bound} Deref for ${type}${given} {
    type Target = ${instanceType};

    fn deref(&self) -> &${instanceType} {
        self.instance.as_ref().expect("it is there until the drop")
    }
}

impl${bound} DerefMut for ${type}${given} {
    fn deref_mut(&mut self) -> &mut ${instanceType} {
        self.instance.as_mut().expect("it is there until the drop")
    }
}

impl${bound} Drop for ${type}${given} {
    fn drop(&mut self) {
        // A protocol panicked: the state of the instance is unknown.
        let panicked = thread::panicking();
        let instance = self.instance.take();
        let kept = instance.filter(|one| !one.failed && !panicked);
        let mut slots = self.pool.lock();
        slots.lent -= 1;
        slots.idle.extend(kept);
${end}    }
}
`;
}
