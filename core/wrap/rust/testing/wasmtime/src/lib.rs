//! Stands for the crate of that name where it is not at hand: what generated code uses, with the real signatures
//! (wasmtime 38). Every module has one counter for a state: an export `count` or `get` reads it, one called `trap`
//! fails after it has changed it, every other one adds one to it; all return it. Instances that a linker gave a shared
//! memory have one counter in common; an export whose name begins with `plain` adds to it in two steps.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::Arc;

/// Instances that are alive, and that ever were.
pub static ALIVE: AtomicUsize = AtomicUsize::new(0);
pub static EVER: AtomicUsize = AtomicUsize::new(0);

pub struct Error(String);

impl Error {
    pub fn msg<M: fmt::Display + fmt::Debug + Send + Sync + 'static>(message: M) -> Self {
        Self(message.to_string())
    }

    pub fn downcast_ref<E: fmt::Display + fmt::Debug + Send + Sync + 'static>(&self) -> Option<&E> {
        None
    }

    pub fn root_cause(&self) -> &(dyn std::error::Error + 'static) {
        &ROOT
    }
}

#[derive(Debug)]
struct Root;
static ROOT: Root = Root;
impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wasm trap")
    }
}
impl std::error::Error for Root {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone)]
pub struct Config;
impl Config {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self
    }
    pub fn shared_memory(&mut self, _enable: bool) -> &mut Self {
        self
    }
}

#[derive(Clone, Default)]
pub struct Engine;
impl Engine {
    pub fn new(_config: &Config) -> Result<Self> {
        Ok(Self)
    }
}

#[derive(Clone)]
pub struct Module;
impl Module {
    pub fn new(_engine: &Engine, _bytes: impl AsRef<[u8]>) -> Result<Self> {
        Ok(Self)
    }
}

pub struct Store<T: 'static> {
    data: T,
    count: i64,
    memory: Vec<u8>,
    alive: bool,
    common: Common,
}
impl<T: 'static> Store<T> {
    pub fn new(_engine: &Engine, data: T) -> Self {
        Self {
            data,
            count: 0,
            memory: vec![0; 65536],
            alive: false,
            common: None,
        }
    }
    pub fn engine(&self) -> &Engine {
        &Engine
    }
}
impl<T: 'static> Drop for Store<T> {
    fn drop(&mut self) {
        if self.alive {
            ALIVE.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

pub trait AsContext {
    type Data: 'static;
    fn store(&self) -> &Store<Self::Data>;
}
pub trait AsContextMut: AsContext {
    fn store_mut(&mut self) -> &mut Store<Self::Data>;
}
impl<T: 'static> AsContext for Store<T> {
    type Data = T;
    fn store(&self) -> &Store<T> {
        self
    }
}
impl<T: 'static> AsContextMut for Store<T> {
    fn store_mut(&mut self) -> &mut Store<T> {
        self
    }
}
impl<T: AsContext> AsContext for &'_ T {
    type Data = T::Data;
    fn store(&self) -> &Store<T::Data> {
        T::store(*self)
    }
}
impl<T: AsContext> AsContext for &'_ mut T {
    type Data = T::Data;
    fn store(&self) -> &Store<T::Data> {
        T::store(*self)
    }
}
impl<T: AsContextMut> AsContextMut for &'_ mut T {
    fn store_mut(&mut self) -> &mut Store<T::Data> {
        T::store_mut(*self)
    }
}

pub struct Caller<'a, T: 'static>(&'a mut Store<T>);
impl<T: 'static> Caller<'_, T> {
    pub fn data(&self) -> &T {
        &self.0.data
    }
}

type Common = Option<Arc<AtomicI64>>;

pub struct Linker<T: 'static>(PhantomData<fn() -> T>, Common);
impl<T: 'static> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Self(PhantomData, self.1.clone())
    }
}
impl<T: 'static> Linker<T> {
    pub fn new(_engine: &Engine) -> Self {
        Self(PhantomData, None)
    }
    pub fn func_wrap<Params, Args>(
        &mut self,
        _module: &str,
        _name: &str,
        _func: impl IntoFunc<T, Params, Args>,
    ) -> Result<&mut Self> {
        Ok(self)
    }
    pub fn define(
        &mut self,
        _store: impl AsContext<Data = T>,
        _module: &str,
        _name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Self> {
        if let Extern::SharedMemory(memory) = item.into() {
            self.1 = Some(memory.0);
        }
        Ok(self)
    }
    pub fn instantiate(
        &self,
        store: impl AsContextMut<Data = T>,
        _module: &Module,
    ) -> Result<Instance> {
        made(store, &self.1)
    }
    pub fn instantiate_pre(&self, _module: &Module) -> Result<InstancePre<T>> {
        Ok(InstancePre(PhantomData, self.1.clone()))
    }
}

fn made(mut store: impl AsContextMut, common: &Common) -> Result<Instance> {
    ALIVE.fetch_add(1, Ordering::SeqCst);
    EVER.fetch_add(1, Ordering::SeqCst);
    let store = store.store_mut();
    store.alive = true;
    store.common = common.clone();
    Ok(Instance)
}

pub struct InstancePre<T: 'static>(PhantomData<fn() -> T>, Common);
impl<T: 'static> InstancePre<T> {
    pub fn instantiate(&self, store: impl AsContextMut<Data = T>) -> Result<Instance> {
        made(store, &self.1)
    }
}

#[derive(Clone, Copy)]
pub struct Instance;
impl Instance {
    pub fn get_typed_func<P: WasmParams, R: WasmResults>(
        &self,
        _store: impl AsContextMut,
        name: &str,
    ) -> Result<TypedFunc<P, R>> {
        Ok(TypedFunc(name.to_owned(), PhantomData))
    }
    pub fn get_memory(&self, _store: impl AsContextMut, _name: &str) -> Option<Memory> {
        Some(Memory)
    }
    pub fn get_func(&self, _store: impl AsContextMut, name: &str) -> Option<Func> {
        Some(Func {
            name: name.to_owned(),
        })
    }
}

pub struct TypedFunc<P, R>(String, PhantomData<fn(P) -> R>);
impl<P: WasmParams, R: WasmResults> TypedFunc<P, R> {
    pub fn call(&self, mut store: impl AsContextMut, _params: P) -> Result<R> {
        let store = store.store_mut();
        if !["count", "get"].contains(&self.0.as_str()) {
            store.count = match &store.common {
                Some(common) => common.fetch_add(1, Ordering::SeqCst) + 1,
                None => store.count + 1,
            };
        }
        if self.0 == "trap" {
            return Err(Error::msg("wasm trap"));
        }
        Ok(R::of(store.count))
    }
}

#[derive(Clone)]
pub struct Func {
    name: String,
}
impl Func {
    pub fn ty(&self, _store: impl AsContext) -> FuncType {
        FuncType
    }
    pub fn call(
        &self,
        mut store: impl AsContextMut,
        _params: &[Val],
        results: &mut [Val],
    ) -> Result<()> {
        let store = store.store_mut();
        store.count = match &store.common {
            Some(common) if self.name.starts_with("plain") => {
                let before = common.load(Ordering::SeqCst);
                std::thread::yield_now();
                common.store(before + 1, Ordering::SeqCst);
                before + 1
            }
            Some(common) => common.fetch_add(1, Ordering::SeqCst) + 1,
            None => store.count + 1,
        };
        results.fill(Val::I64(store.count));
        Ok(())
    }
}
pub struct FuncType;
impl FuncType {
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        [ValType::I64].into_iter()
    }
}

/// # Safety
/// None is needed here; the real one is unsafe.
pub unsafe trait WasmTy: Send {
    fn of(count: i64) -> Self;
}
macro_rules! numbers {
    ($($t:ty)*) => { $(
        unsafe impl WasmTy for $t {
            fn of(count: i64) -> Self {
                count as $t
            }
        }
    )* };
}
numbers!(i32 u32 i64 u64 f32 f64);

/// # Safety
/// None is needed here; the real one is unsafe.
pub unsafe trait WasmParams: Send {}
/// # Safety
/// None is needed here; the real one is unsafe.
pub unsafe trait WasmResults: WasmParams {
    fn of(count: i64) -> Self;
}
unsafe impl<T: WasmTy> WasmParams for T {}
unsafe impl<T: WasmTy> WasmResults for T {
    fn of(count: i64) -> Self {
        T::of(count)
    }
}
pub trait WasmRet {}
impl<T: WasmResults> WasmRet for T {}
impl<T: WasmResults> WasmRet for Result<T> {}
pub trait IntoFunc<T, Params, Results>: Send + Sync + 'static {}

macro_rules! tuples {
    ($($t:ident)*) => {
        #[allow(unused_variables)]
        unsafe impl<$($t: WasmTy),*> WasmParams for ($($t,)*) {}
        #[allow(unused_variables, clippy::unused_unit)]
        unsafe impl<$($t: WasmTy),*> WasmResults for ($($t,)*) {
            fn of(count: i64) -> Self {
                ($($t::of(count),)*)
            }
        }
        impl<T, Fun, Ret, $($t: WasmTy),*> IntoFunc<T, (Caller<'_, T>, $($t),*), Ret> for Fun
        where
            T: 'static,
            Fun: Fn(Caller<'_, T>, $($t),*) -> Ret + Send + Sync + 'static,
            Ret: WasmRet,
        {
        }
    };
}
tuples!();
tuples!(A1);
tuples!(A1 A2);
tuples!(A1 A2 A3);
tuples!(A1 A2 A3 A4);
tuples!(A1 A2 A3 A4 A5);
tuples!(A1 A2 A3 A4 A5 A6);
tuples!(A1 A2 A3 A4 A5 A6 A7);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);

#[derive(Clone, Debug)]
pub enum Val {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
}
pub enum ValType {
    I32,
    I64,
    F32,
    F64,
}
pub enum Mutability {
    Const,
    Var,
}
pub struct RefType;
impl RefType {
    pub const FUNCREF: Self = Self;
    pub const EXTERNREF: Self = Self;
}
pub enum Ref {
    Func(Option<Func>),
    Extern(Option<()>),
}
pub struct GlobalType;
impl GlobalType {
    pub fn new(_content: ValType, _mutability: Mutability) -> Self {
        Self
    }
}
pub struct TableType;
impl TableType {
    pub fn new(_element: RefType, _min: u32, _max: Option<u32>) -> Self {
        Self
    }
}
pub struct MemoryType;
impl MemoryType {
    pub fn new(_minimum: u32, _maximum: Option<u32>) -> Self {
        Self
    }
    pub fn new64(_minimum: u64, _maximum: Option<u64>) -> Self {
        Self
    }
    pub fn shared(_minimum: u32, _maximum: u32) -> Self {
        Self
    }
}
#[derive(Clone, Copy)]
pub struct Global;
impl Global {
    pub fn new(_store: impl AsContextMut, _ty: GlobalType, _val: Val) -> Result<Self> {
        Ok(Self)
    }
}
#[derive(Clone, Copy)]
pub struct Table;
impl Table {
    pub fn new(_store: impl AsContextMut, _ty: TableType, _init: Ref) -> Result<Self> {
        Ok(Self)
    }
}
#[derive(Clone)]
pub struct SharedMemory(Arc<AtomicI64>);
impl SharedMemory {
    pub fn new(_engine: &Engine, _ty: MemoryType) -> Result<Self> {
        Ok(Self(Arc::default()))
    }
}
#[derive(Debug)]
pub struct MemoryAccessError;
impl fmt::Display for MemoryAccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of bounds memory access")
    }
}
impl std::error::Error for MemoryAccessError {}
#[derive(Clone, Copy)]
pub struct Memory;
impl Memory {
    pub fn new(_store: impl AsContextMut, _ty: MemoryType) -> Result<Self> {
        Ok(Self)
    }
    pub fn data<'a, T: 'static>(&self, store: &'a Store<T>) -> &'a [u8] {
        &store.memory
    }
    pub fn write(
        &self,
        mut store: impl AsContextMut,
        offset: usize,
        buffer: &[u8],
    ) -> Result<(), MemoryAccessError> {
        let memory = &mut store.store_mut().memory;
        let to = memory
            .get_mut(offset..)
            .and_then(|rest| rest.get_mut(..buffer.len()))
            .ok_or(MemoryAccessError)?;
        to.copy_from_slice(buffer);
        Ok(())
    }
}

pub enum Extern {
    Func(Func),
    Global(Global),
    Table(Table),
    Memory(Memory),
    SharedMemory(SharedMemory),
}
macro_rules! externs {
    ($($t:ident)*) => { $(
        impl From<$t> for Extern {
            fn from(item: $t) -> Self {
                Self::$t(item)
            }
        }
    )* };
}
externs!(Func Global Table Memory SharedMemory);
