/** Rust, Wasmtime: one instance for all threads, behind a lock that is held for whole protocols. */
import { nameInComment } from '../../harmless/code.ts';
import type { Surface, WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { errors } from './errors.ts';
import { ASYNC_ADVICE, rustFile, rustProtocolAdvice, stateAdvice } from './file.ts';
import { INSTANCE_NAMES, instance, rustParameters } from './instance.ts';
import { type Kit, kitOf, rustNames } from './kit.ts';
import { callExpression, signature, tupleType } from './layout.ts';
import { maker } from './maker.ts';
import { options } from './options.ts';
import { constructorParameters, importsDoc, makerArguments } from './pool.ts';
import { turns } from './turns.ts';

/** Source of a module with the type `Guarded`: `run` lends the one instance to a closure while it holds the lock. */
export function rustMutex(input: WrapInput): string {
  const { moduleFile } = input;
  const surface = ownState(input.surface);
  const kit = kitOf(input, 'Guarded', surface);
  const names = rustNames(surface.exports, [
    ...[...INSTANCE_NAMES, 'run', 'reset', 'lock', 'maker', 'instance', 'engine'],
    ...['turn', 'next', 'poll_turn', 'slot'],
  ]);
  const title = `One instance of ${moduleFile} for Wasmtime, guarded by a lock: one ${kit.asynchronous ? 'task' : 'thread'} at a time uses it.`;
  const advice = [
    ...rustProtocolAdvice(kit, names),
    ...stateAdvice(surface),
    ...(kit.asynchronous ? [ASYNC_ADVICE] : []),
  ];
  return rustFile(input, surface, title, advice, [
    kit.asynchronous ? turns(kit, convenience(kit, names)) : guarded(kit, convenience(kit, names)),
    options(kit),
    errors(kit),
    instance(kit, names),
    maker(kit),
  ]);
}

function guarded(kit: Kit, methods: string): string {
  const { input, bound } = kit;
  const type = kit.of('Instance');
  return `/// One instance of ${nameInComment(input.moduleFile)} and its lock.
pub struct ${kit.type('Guarded')}${bound} {
    maker: ${kit.of('Maker')},
    instance: Mutex<${type}>,
}

impl${bound} ${kit.of('Guarded')} {
    /// Compiles the module and makes the instance.${importsDoc(kit)}
${signature(4, 'pub fn new', constructorParameters(kit), 'Result<Self>')}
        let maker = Maker::new(${makerArguments(kit)})?;
        let instance = Mutex::new(${kit.type('Instance')}::new(&maker)?);
        Ok(Self { maker, instance })
    }

    /// The engine of the instance.
    pub fn engine(&self) -> &Engine {
        &self.maker.engine
    }

    /// Runs \`f\` with exclusive use of the instance. Make all calls that belong together in one \`f\`: between
    /// two runs, another thread can change what one call leaves in memory for the next. Neither \`f\`
    /// nor a host function that the module calls may call \`run\`: the lock is not reentrant, and the inner call
    /// deadlocks. A host function may call the module through the \`Caller\` that it gets.
${signature(4, 'pub fn run<R>', ['&self', `f: impl FnOnce(&mut ${type}) -> Result<R>`], 'Result<R>')}
        let mut instance = self.lock();
        if instance.failed {
            return Err(${kit.type('GuardedError')}::Failed.into());
        }
        f(&mut instance)
    }

    /// Replaces the instance with a new one. The state of the old one is lost, imported state included.
    pub fn reset(&self) -> Result<()> {
        let mut instance = self.lock();
        *instance = ${kit.type('Instance')}::new(&self.maker)?;
        self.instance.clear_poison();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, ${type}> {
        self.instance.lock().unwrap_or_else(|poisoned| {
            // A protocol panicked: the state of the instance is unknown.
            let mut instance = poisoned.into_inner();
            instance.failed = true;
            instance
        })
    }

${methods}}
`;
}

/** There is one instance, and `reset` makes all of it new: also a shared memory is its own. */
const ownState = (surface: Surface): Surface => ({
  ...surface,
  privateState: surface.privateState || surface.commonMemory,
  commonMemory: false,
});

/** Characters of the longest body of a closure on one line. */
const LINE = 100;

function convenience(kit: Kit, names: ReadonlyMap<WrapExport, string>): string {
  const { surface, asynchronous, fn } = kit;
  return surface.exports
    .map((one) => {
      const method = names.get(one) ?? '';
      const given = rustParameters(one);
      const params = one.params.map((type, i) => `${given[i]}: ${type}`);
      const called = callExpression(
        asynchronous ? 8 : 12,
        asynchronous ? `let called = turn.${method}` : `instance.${method}`,
        given,
        asynchronous ? ';' : '',
      );
      const line = `        self.run(|instance| ${called.trimStart()})`;
      const isShort = !called.includes('\n') && line.length <= LINE;
      const body = asynchronous
        ? `        let mut turn = self.turn().await?;\n${called}\n        called.await`
        : isShort
          ? line
          : `        self.run(|instance| {\n${called}\n        })`;
      return `    /// Calls the export ${nameInComment(one.name)} in its own \`run\`.
${signature(4, `pub ${fn} ${method}`, ['&self', ...params], `Result<${tupleType(4, one.results)}>`)}
${body}
    }
`;
    })
    .join('\n');
}
