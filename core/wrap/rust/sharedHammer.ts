/** Rust, Wasmtime: tests of instances over one shared memory, where results depend on the order of calls. */

import type { WrapInput } from '../wrapInput.ts';

/** Two tests, and the function that both call. */
export const sharedTests = (_input: WrapInput): string => `const THREADS: usize = 4;
/// Calls that each thread makes in one round.
const CALLS: usize = 5000;

#[test]
#[ignore = "shows races; run it with: cargo test -- --ignored"]
fn threads_without_a_lock() -> Result<()> {
    compare(None)
}

#[test]
fn threads_with_a_lock() -> Result<()> {
    compare(Some(&Mutex::new(())))
}

/// Runs each call in threads over one memory. All calls are the same, so the threads together must get what the same
/// threads get one after the other.
fn compare(lock: Option<&Mutex<()>>) -> Result<()> {
    let host = Host::new()?;
    let mut silent = Vec::new();
    let mut calls: Vec<Call> = pair_list().into_iter().flatten().collect();
    calls.sort_by_key(|call| call.export);
    calls.dedup_by_key(|call| call.export);
    for call in &calls {
        let mut serial = Vec::new();
        for (mut store, instance) in instances(&host)? {
            serial.extend(repeated(&mut store, &instance, call, None));
        }
        if !serial.iter().any(Outcome::has_returned) {
            silent.push(format!("{}: {:?}", call.export, serial.first()));
            continue;
        }
        serial.sort();
        let started = Instant::now();
        for round in 0..ROUNDS {
            if started.elapsed() > BUDGET {
                break;
            }
            let got = at_once(instances(&host)?, |(mut store, instance)| {
                repeated(&mut store, &instance, call, lock)
            });
            let mut got = got.concat();
            got.sort();
            let differs = serial.len() != got.len() || serial.iter().zip(&got).any(|(a, b)| a != b);
            let other = serial.iter().zip(&got).find(|(a, b)| a != b);
            assert!(
                !differs,
                "{}, round {round}: serial and concurrent results differ: {other:?}",
                call.export
            );
        }
    }
    assert!(silent.is_empty(), "calls that never returned: {silent:#?}");
    Ok(())
}

/// An instance for each thread, all over one new memory.
fn instances(host: &Host) -> Result<Vec<(Store<State>, wasmtime::Instance)>> {
    let host = host.fresh()?;
    let instance = |number| host.instance(number == 0);
    (0..THREADS).map(instance).collect()
}

/// What the calls of one thread get. It ends with the first that does not return.
fn repeated(
    store: &mut Store<State>,
    instance: &wasmtime::Instance,
    call: &Call,
    lock: Option<&Mutex<()>>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for _ in 0..CALLS {
        let held = lock.map(|lock| lock.lock().unwrap_or_else(PoisonError::into_inner));
        outcomes.push(outcome(store, instance, call));
        drop(held);
        if outcomes.last() == Some(&Outcome::DidNotReturn) {
            break;
        }
    }
    outcomes
}
`;
