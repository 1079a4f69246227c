#[cfg(test)]
mod runs {
    use super::*;
    use std::thread;

    #[test]
    fn one_at_a_time_and_never_a_broken_one() {
        let guarded = Guarded::new(b"").unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        guarded
                            .run(|one| {
                                let before = one.get()?;
                                assert_eq!(one.inc()?, before + 1);
                                Ok(())
                            })
                            .unwrap();
                        guarded.inc().unwrap();
                    }
                });
            }
        });
        assert_eq!(guarded.get().unwrap(), 1600);
        assert!(guarded.trap().is_err());
        assert!(guarded.get().is_err());
        guarded.reset().unwrap();
        assert_eq!(guarded.get().unwrap(), 0);
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            guarded.run(|_| -> Result<()> { panic!("f") })
        }))
        .is_err());
        assert!(guarded.get().is_err());
        guarded.reset().unwrap();
        assert_eq!(guarded.inc().unwrap(), 1);
    }
}
