/** Rust, Wasmtime: tests of instances over one shared memory, where results depend on the order of calls. */

import type { Surface } from '../surface.ts';
import { signature } from './layout.ts';
import { untypedLife } from './life.ts';
import { makeSource } from './linking.ts';
import { sourceType } from './parts.ts';

/** Two tests, the function that both call, and what a thread does; `read` reads the module. */
export function sharedTests(surface: Surface, read: string): string {
  const once = surface.life.some(({ per }) => per === 'memory');
  const parameters = [
    'engine: &Engine',
    `source: &${sourceType(surface)}`,
    'which: usize',
    'rounds: usize',
    'lock: Option<&Mutex<()>>',
    ...(once ? ['once: &Once'] : []),
    'begin: impl FnOnce()',
  ];
  return `#[test]
fn threads_without_a_lock() -> Result<()> {
    compare(None)
}

#[test]
fn threads_with_a_lock() -> Result<()> {
    compare(Some(&Mutex::new(())))
}

/// Runs each call in threads over one memory. All calls are the same, so they must get the results of the same number
/// of calls on one thread.
fn compare(lock: Option<&Mutex<()>>) -> Result<()> {
${read}
    for (which, (name, _)) in calls().iter().enumerate() {
        // The linker holds the memory, so a new linker has a new memory.
        let fresh = || -> Result<${sourceType(surface)}> {
            let module = module.clone();
            let linker = link(&engine)?;
            ${makeSource(surface)}
            Ok(source)
        };
${once ? '        let once = Once::new();\n' : ''}        let mut alone = outcomes(${
    once
      ? ['&engine', '&fresh()?', 'which', 'THREADS * ROUNDS', 'None', '&once', '|| {}']
          .map((one) => `\n            ${one},`)
          .join('')
      : '&engine, &fresh()?, which, THREADS * ROUNDS, None, || {}'
  }${once ? '\n        ' : ''})?;
        let source = fresh()?;${once ? '\n        let once = Once::new();' : ''}
        let gate = Barrier::new(THREADS);
        let mut got = Vec::new();
        thread::scope(|scope| -> Result<()> {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        outcomes(&engine, &source, which, ROUNDS, lock${once ? ', &once' : ''}, || {
                            gate.wait();
                        })
                    })
                })
                .collect();
            for one in threads {
                got.extend(one.join().expect("the thread ends without a panic")?);
            }
            Ok(())
        })?;
        alone.sort();
        got.sort();
        let lost = alone.iter().zip(&got).find(|(alone, got)| alone != got);
        assert_eq!(lost, None, "{name}: serial and concurrent results differ");
    }
    Ok(())
}

/// The results of the calls of all rounds in their own instance, as text, so that NaN equals NaN.
${signature(0, 'fn outcomes', parameters, 'Result<Vec<String>>')}
    let mut store = Store::new(engine, State::new());
    let instance = source.instantiate(&mut store);
    // Every thread must reach the barrier, or the others wait forever.
    begin();
    let instance = instance?;
${once ? firstOnly(untypedLife(surface, '        ', 'memory')) : ''}${untypedLife(surface, '    ', 'instance')}    let (name, params) = calls().swap_remove(which);
    let func = function(&instance, &mut store, name)?;
    let mut results = vec![Val::I32(0); func.ty(&store).results().len()];
    let mut outcomes = Vec::new();
    for _ in 0..rounds {
        let held = lock.map(|lock| lock.lock().unwrap_or_else(PoisonError::into_inner));
        outcomes.push(match func.call(&mut store, &params, &mut results) {
            Ok(()) => format!("{results:?}"),
            Err(error) => format!("error {}", error.root_cause()),
        });
        drop(held);
    }
    Ok(outcomes)
}
`;
}

/** What writes the common memory is done by the first thread, while the others wait. */
const firstOnly = (calls: string): string => `    let mut initialised = Ok(());
    once.call_once(|| {
        initialised = (|| -> Result<()> {
${calls.replace(/^/gm, '    ').replace(/ +$/, '')}            Ok(())
        })();
    });
    initialised?;
`;
