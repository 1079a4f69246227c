/** Rust, Wasmtime: one instance for all tasks, which wait for their turn without blocking a thread. */
import { nameInComment } from '../../harmless/code.ts';
import type { Kit } from './kit.ts';
import { signature } from './layout.ts';
import { constructorParameters, importsDoc, makerArguments } from './pool.ts';

/** The type `Guarded` with `async` methods, and `Turn`, which holds its lock. `methods`: one for each export. */
export function turns(kit: Kit, methods: string): string {
  const { input, bound, arg } = kit;
  const type = kit.of('Instance');
  const turn = kit.type('Turn');
  const given = arg === '' ? "<'_>" : "<'_, I>";
  return `/// One instance of ${nameInComment(input.moduleFile)} and its lock.
pub struct ${kit.type('Guarded')}${bound} {
    maker: ${kit.of('Maker')},
    slot: Mutex<Slot${arg}>,
}

/// Where the instance is while no task uses it, and who waits for it.
struct Slot${bound} {
    instance: Option<${type}>,
    waiting: Vec<Waker>,
}

impl${bound} ${kit.of('Guarded')} {
    /// Compiles the module and makes the instance.${importsDoc(kit)}
${signature(4, 'pub async fn new', constructorParameters(kit), 'Result<Self>')}
        let maker = Maker::new(${makerArguments(kit)})?;
        let slot = Slot {
            instance: Some(${kit.type('Instance')}::new(&maker).await?),
            waiting: Vec::new(),
        };
        Ok(Self {
            maker,
            slot: Mutex::new(slot),
        })
    }

    /// The engine of the instance.
    pub fn engine(&self) -> &Engine {
        &self.maker.engine
    }

    /// Runs \`f\` with exclusive use of the instance: \`guarded.run(async |one| one.f().await)\`. Make all calls that
    /// belong together in one \`f\`: between two runs, another task can change what one call leaves in memory for the
    /// next. Neither \`f\` nor a host function that the module calls may call \`run\`: it would wait for itself.
${signature(4, 'pub async fn run<R>', ['&self', `f: impl AsyncFnOnce(&mut ${type}) -> Result<R>`], 'Result<R>')}
        let mut turn = self.turn().await?;
        f(&mut turn).await
    }

    /// Waits for the instance and holds it until the result is dropped.
    pub async fn turn(&self) -> Result<${turn}${given}> {
        let turn = self.next().await;
        if turn.failed {
            return Err(${kit.type('GuardedError')}::Failed.into());
        }
        Ok(turn)
    }

    /// Replaces the instance with a new one. The state of the old one is lost, imported state included.
    pub async fn reset(&self) -> Result<()> {
        let mut turn = self.next().await;
        let made = ${kit.type('Instance')}::new(&self.maker).await;
        turn.instance = Some(made?);
        Ok(())
    }

    async fn next(&self) -> ${turn}${given} {
        let instance = std::future::poll_fn(|context| self.poll_turn(context)).await;
        ${turn} {
            guarded: self,
            instance: Some(instance),
        }
    }

${signature(4, 'fn poll_turn', ['&self', "context: &mut Context<'_>"], `Poll<${type}>`)}
        let mut slot = self.lock();
        if let Some(instance) = slot.instance.take() {
            return Poll::Ready(instance);
        }
        let waker = context.waker();
        if !slot.waiting.iter().any(|one| one.will_wake(waker)) {
            slot.waiting.push(waker.clone());
        }
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, Slot${arg}> {
        // Nothing panics while it holds this lock.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

${methods}}

/// Exclusive use of the instance.
pub struct ${turn}<'a${arg === '' ? '' : `, I: ${kit.type('Imports')}`}> {
    guarded: &'a ${kit.of('Guarded')},
    instance: Option<${type}>,
}

impl${bound} Deref for ${turn}${given} {
    type Target = ${type};

    fn deref(&self) -> &${type} {
        self.instance.as_ref().expect("it is there until the drop")
    }
}

impl${bound} DerefMut for ${turn}${given} {
    fn deref_mut(&mut self) -> &mut ${type} {
        self.instance.as_mut().expect("it is there until the drop")
    }
}

impl${bound} Drop for ${turn}${given} {
    fn drop(&mut self) {
        if let Some(instance) = &mut self.instance {
            // A protocol panicked: the state of the instance is unknown.
            instance.failed |= thread::panicking();
        }
        let mut slot = self.guarded.lock();
        slot.instance = self.instance.take();
        let waiting = mem::take(&mut slot.waiting);
        drop(slot);
        waiting.into_iter().for_each(Waker::wake);
    }
}
`;
}
