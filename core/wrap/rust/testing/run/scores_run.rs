//! Imports, and instances over one shared memory.
use crate::m_scores_pool::{Imports, Options, Pool, State};
use crate::m_scores_pool_async as tasks;
use crate::m_stacks_pool as stacks;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;
use wasmtime::{Caller, Error, Result};

const SCORES: &[u8] = include_bytes!("../scores.wasm");
const STACKS: &[u8] = include_bytes!("../stacks.wasm");
const PATIENCE: Duration = Duration::from_secs(100);

struct Scores {
    own: i32,
    all: Arc<AtomicI32>,
}

impl Imports for Scores {
    fn env_score(mut caller: Caller<'_, State<Self>>, p0: i32) -> Result<i32> {
        let scores = &mut caller.data_mut().imports;
        match p0 {
            0 => Err(Error::msg("no score")),
            1 => panic!("the host panics"),
            _ => {
                scores.own += p0;
                Ok(scores.all.fetch_add(p0, Ordering::SeqCst) + p0)
            }
        }
    }
}

#[test]
fn each_instance_has_imports_of_its_own() {
    let all = Arc::new(AtomicI32::new(0));
    let given = all.clone();
    let imports = move || Scores {
        own: 0,
        all: given.clone(),
    };
    let options = Options {
        size: 2,
        ..Default::default()
    };
    let pool = Pool::new(SCORES, options, imports).unwrap();
    let (mut a, mut b) = (pool.get(PATIENCE).unwrap(), pool.get(PATIENCE).unwrap());
    assert_eq!((a.rate(2).unwrap(), b.rate(3).unwrap()), (2, 5));
    assert_eq!((a.imports().own, b.imports().own), (2, 3));
    a.imports_mut().own = 10;
    a.rate(4).unwrap();
    assert_eq!((a.imports().own, all.load(Ordering::SeqCst)), (14, 9));
    assert_eq!(a.rate(0).unwrap_err().root_cause().to_string(), "no score");
    assert!(a.rate(2).is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| b.rate(1)));
    assert!(panicked.is_err());
    assert!(b.rate(2).is_err());
    drop((a, b));
    assert_eq!(pool.run(PATIENCE, |one| one.rate(2)).unwrap(), 11);
}

struct Slow;

impl tasks::Imports for Slow {
    async fn env_score(_: Caller<'_, tasks::State<Self>>, p0: i32) -> Result<i32> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(p0)
    }
}

#[test]
fn imports_of_tasks_wait_without_a_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(async {
        let options = tasks::Options {
            size: 8,
            ..Default::default()
        };
        let pool = Arc::new(tasks::Pool::new(SCORES, options, || Slow).unwrap());
        let calls: Vec<_> = (0..8)
            .map(|i| {
                let pool = pool.clone();
                tokio::spawn(async move { pool.get().await.unwrap().rate(i).await.unwrap() })
            })
            .collect();
        for (i, call) in calls.into_iter().enumerate() {
            assert_eq!(call.await.unwrap(), i as i32);
        }
    });
}

#[test]
fn instances_over_one_memory_have_stacks_of_their_own() {
    let options = stacks::Options {
        size: 4,
        ..Default::default()
    };
    let pool = stacks::Pool::new(STACKS, options).unwrap();
    let mut all: Vec<_> = (0..4).map(|_| pool.get(PATIENCE).unwrap()).collect();
    let mut frames: Vec<i32> = all.iter_mut().map(|one| one.frame(7).unwrap()).collect();
    for (one, frame) in all.iter().zip(&frames) {
        assert_eq!(one.read_memory(*frame as u32, 4).unwrap(), [7, 0, 0, 0]);
    }
    frames.sort();
    for pair in frames.windows(2) {
        assert!(pair[1] - pair[0] >= 65_536, "{frames:?}");
    }
    all[0].write_memory(24, b"x").unwrap();
    assert_eq!(all[3].read_memory(24, 1).unwrap(), b"x");
}
