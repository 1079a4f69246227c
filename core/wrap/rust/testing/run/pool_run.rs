#[cfg(test)]
mod runs {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn the_pool_is_bounded_isolates_protocols_and_drops_what_failed() {
        let pool = Pool::new(b"", 3).unwrap();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        pool.run(PATIENCE, |one| {
                            most.fetch_max(
                                now.fetch_add(1, Ordering::SeqCst) + 1,
                                Ordering::SeqCst,
                            );
                            let before = one.get()?;
                            assert_eq!(one.inc()?, before + 1);
                            now.fetch_sub(1, Ordering::SeqCst);
                            Ok(())
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 3);
        assert!(wasmtime::EVER.load(Ordering::SeqCst) <= 3);

        let held: Vec<_> = (0..3).map(|_| pool.get(PATIENCE).unwrap()).collect();
        let full = pool.get(Duration::from_millis(20)).map(|_| ()).unwrap_err();
        assert!(full.to_string().contains("in use"));
        drop(held);

        let before = wasmtime::EVER.load(Ordering::SeqCst);
        assert!(pool.run(PATIENCE, |one| one.trap()).is_err());
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.run(PATIENCE, |_| -> Result<()> { panic!("f") })
        }))
        .is_err());
        pool.run(PATIENCE, |one| {
            one.discard();
            Ok(())
        })
        .unwrap();
        assert_eq!(wasmtime::ALIVE.load(Ordering::SeqCst), before - 3);
        assert_eq!(pool.run(PATIENCE, |one| one.inc()).unwrap(), 1);
        pool.run(PATIENCE, |one| {
            one.write_memory(8, b"abc")?;
            assert_eq!(one.read_memory(8, 3)?, b"abc");
            assert!(one.read_memory(u32::MAX, 3).is_err());
            assert!(one.write_memory(65535, b"abc").is_err());
            Ok(())
        })
        .unwrap();
        assert!(Pool::new(b"", 0).is_err());
    }
}
