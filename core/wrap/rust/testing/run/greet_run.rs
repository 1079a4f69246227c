//! Calls with bytes.
use crate::m_greet_mutex as mutex;
use crate::m_greet_pool as pool;
use crate::m_greet_pool_async as tasks;
use std::time::Duration;

const WASM: &[u8] = include_bytes!("../greet.wasm");

#[test]
fn bytes_are_given_and_taken() {
    let pool = pool::Pool::new(WASM, Default::default()).unwrap();
    let ran = pool.run(Duration::from_secs(100), |one| {
        assert_eq!(one.greet_bytes(b"Lena")?.len(), 11);
        assert!(one.greet_bytes(b"Lena")?.ends_with(b"Lena"));
        assert_eq!(one.version_bytes()?.len(), 5);
        assert_eq!(one.sum_by_index_bytes(&[1, 2, 3])?, 6);
        assert_eq!(one.sum_down_bytes(&[])?, 0);
        let mut block = [0; 4];
        one.fill_bytes(&mut block, 7)?;
        assert_eq!(block, [7; 4]);
        Ok(())
    });
    ran.unwrap();
    let guarded = mutex::Guarded::new(WASM, Default::default()).unwrap();
    let sum = guarded.run(|one| one.sum_by_index_bytes(&[9, 9]));
    assert_eq!(sum.unwrap(), 18);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let pool = tasks::Pool::new(WASM, Default::default()).unwrap();
        let mut one = pool.get().await.unwrap();
        assert!(one.greet_bytes(b"Mira").await.unwrap().ends_with(b"Mira"));
    });
}
