#[cfg(test)]
mod runs {
    use super::*;

    #[test]
    fn reset_makes_imported_memory_new() {
        let guarded = Guarded::new(b"").unwrap();
        assert_eq!(guarded.add(1).unwrap(), 1);
        assert_eq!(guarded.add(1).unwrap(), 2);
        guarded.reset().unwrap();
        assert_eq!(guarded.add(1).unwrap(), 1);
    }
}
