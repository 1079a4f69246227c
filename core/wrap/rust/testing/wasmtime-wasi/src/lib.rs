//! Stands for the crate of that name where it is not at hand: what generated code uses, with the real signatures.

/// Fails a call of `proc_exit`.
#[derive(Debug)]
pub struct I32Exit(pub i32);

impl std::fmt::Display for I32Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exited with i32 exit status {}", self.0)
    }
}

pub struct WasiCtxBuilder;

impl WasiCtxBuilder {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self
    }

    pub fn build_p1(&mut self) -> p1::WasiP1Ctx {
        p1::WasiP1Ctx
    }
}

pub mod p1 {
    use wasmtime::{Linker, Result};

    pub struct WasiP1Ctx;

    pub fn add_to_linker_sync<T: Send + 'static>(
        _linker: &mut Linker<T>,
        _f: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
    ) -> Result<()> {
        Ok(())
    }
}
