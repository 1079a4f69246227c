//! What pools and locks of the counter do.
use crate::m_counter_mutex as mutex;
use crate::m_counter_mutex_async as mutex_async;
use crate::m_counter_pool as pool;
use crate::m_counter_pool_async as pool_async;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use wasmtime::{Result, Trap};

const WASM: &[u8] = include_bytes!("../counter.wasm");
const PATIENCE: Duration = Duration::from_secs(100);

fn of(size: usize) -> pool::Pool {
    let call_timeout = Some(Duration::from_millis(200));
    let options = pool::Options {
        size,
        call_timeout,
        ..Default::default()
    };
    pool::Pool::new(WASM, options).unwrap()
}

#[test]
fn a_pool_is_bounded_and_isolates_protocols() {
    let pool = of(3);
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let ran = pool.run(PATIENCE, |one| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        let before = one.get()?;
                        assert_eq!(one.inc()?, before + 1);
                        now.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    });
                    ran.unwrap();
                }
            });
        }
    });
    assert!(most.load(Ordering::SeqCst) <= 3);
    let sum: i64 = (0..3).map(|_| ()).map(|()| pool.get(PATIENCE).unwrap()).collect::<Vec<_>>().iter_mut().map(|one| one.get().unwrap()).sum();
    assert_eq!(sum, 400);
}

#[test]
fn a_pool_replaces_what_failed() {
    let pool = of(1);
    pool.run(PATIENCE, |one| one.inc()).unwrap();
    let ended = pool.run(PATIENCE, |one| {
        let trapped = one.trap().unwrap_err();
        assert_eq!(trapped.downcast_ref(), Some(&Trap::UnreachableCodeReached));
        one.get()
    });
    assert_eq!(ended.unwrap_err().downcast_ref(), Some(&pool::PoolError::Failed));
    assert_eq!(pool.run(PATIENCE, |one| one.get()).unwrap(), 0);
    pool.run(PATIENCE, |one| one.inc()).unwrap();
    let spun = pool.run(PATIENCE, |one| one.spin()).unwrap_err();
    assert_eq!(spun.downcast_ref(), Some(&Trap::Interrupt));
    assert_eq!(pool.run(PATIENCE, |one| one.get()).unwrap(), 0);
    pool.run(PATIENCE, |one| one.inc()).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pool.run(PATIENCE, |_| -> Result<()> { panic!("f") })
    }));
    assert!(panicked.is_err());
    assert_eq!(pool.run(PATIENCE, |one| one.get()).unwrap(), 0);
    pool.run(PATIENCE, |one| one.inc()).unwrap();
    let discard = |one: &mut pool::Instance| {
        one.discard();
        Ok(())
    };
    pool.run(PATIENCE, discard).unwrap();
    assert_eq!(pool.run(PATIENCE, |one| one.get()).unwrap(), 0);
}

#[test]
fn a_pool_refuses_what_it_cannot_do() {
    let options = pool::Options {
        size: 0,
        ..Default::default()
    };
    let error = pool::Pool::new(WASM, options).map(|_| ()).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&pool::PoolError::NoSize));
    assert!(pool::Pool::new(b"no module", Default::default()).is_err());
    let pool = of(1);
    let held = pool.get(PATIENCE).unwrap();
    let error = pool.get(Duration::from_millis(1)).map(|_| ()).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&pool::PoolError::InUse));
    drop(held);
    pool.run(PATIENCE, |one| {
        one.write_memory(8, b"abc")?;
        assert_eq!(one.read_memory(8, 3)?, b"abc");
        let end = 65_536;
        for error in [one.read_memory(u32::MAX, 3).map(|_| ()), one.write_memory(end - 1, b"abc")] {
            assert_eq!(error.unwrap_err().downcast_ref(), Some(&pool::PoolError::OutOfBounds));
        }
        assert_eq!((one.grow(1)?, one.grow(1)?), (1, -1));
        Ok(())
    })
    .unwrap();
    let options = pool::Options {
        size: 1,
        max_memory: Some(65_536),
        pooling: false,
        ..Default::default()
    };
    let limited = pool::Pool::new(WASM, options).unwrap();
    assert_eq!(limited.run(PATIENCE, |one| one.grow(1)).unwrap(), -1);
}

#[test]
fn a_lock_is_for_one_at_a_time_and_never_a_broken_one() {
    let options = mutex::Options {
        call_timeout: Some(Duration::from_millis(200)),
        ..Default::default()
    };
    let guarded = mutex::Guarded::new(WASM, options).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let ran = guarded.run(|one| {
                        let before = one.get()?;
                        assert_eq!(one.inc()?, before + 1);
                        Ok(())
                    });
                    ran.unwrap();
                    guarded.inc().unwrap();
                }
            });
        }
    });
    assert_eq!(guarded.get().unwrap(), 1600);
    assert!(guarded.spin().is_err());
    let error = guarded.get().unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&mutex::GuardedError::Failed));
    guarded.reset().unwrap();
    assert_eq!(guarded.get().unwrap(), 0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        guarded.run(|_| -> Result<()> { panic!("f") })
    }));
    assert!(panicked.is_err());
    assert!(guarded.get().is_err());
    guarded.reset().unwrap();
    assert_eq!(guarded.inc().unwrap(), 1);
}

fn with_tasks<F: Future>(f: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap().block_on(f)
}

#[test]
fn calls_of_tasks_yield_and_end_when_they_are_dropped() {
    with_tasks(async {
        let options = pool_async::Options {
            size: 2,
            ..Default::default()
        };
        let pool = Arc::new(pool_async::Pool::new(WASM, options).unwrap());
        // More calls that never end than there are threads, and all of them get their turn.
        for _ in 0..3 {
            let spin = pool.run(async |one| one.spin().await);
            assert!(tokio::time::timeout(Duration::from_millis(50), spin).await.is_err());
        }
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move {
                    for _ in 0..50 {
                        let mut one = pool.get().await.unwrap();
                        let before = one.get().await.unwrap();
                        assert_eq!(one.inc().await.unwrap(), before + 1);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let (mut a, mut b) = (pool.get().await.unwrap(), pool.get().await.unwrap());
        assert_eq!(a.get().await.unwrap() + b.get().await.unwrap(), 400);
        assert!(a.trap().await.is_err());
        let error = a.get().await.unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&pool_async::PoolError::Failed));
    });
}

#[test]
fn tasks_take_turns_at_a_lock() {
    with_tasks(async {
        let guarded = mutex_async::Guarded::new(WASM, Default::default()).await.unwrap();
        let guarded = Arc::new(guarded);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let guarded = guarded.clone();
                tokio::spawn(async move {
                    for _ in 0..50 {
                        let mut one = guarded.turn().await.unwrap();
                        let before = one.get().await.unwrap();
                        assert_eq!(one.inc().await.unwrap(), before + 1);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(guarded.get().await.unwrap(), 400);
        let spin = guarded.spin();
        assert!(tokio::time::timeout(Duration::from_millis(50), spin).await.is_err());
        let error = guarded.get().await.unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&mutex_async::GuardedError::Failed));
        guarded.reset().await.unwrap();
        assert_eq!(guarded.run(async |one| one.inc().await).await.unwrap(), 1);
    });
}
