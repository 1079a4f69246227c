#![no_std]
use core::sync::atomic::{AtomicU32, Ordering};

static mut COUNTER: u32 = 0;
static HITS: AtomicU32 = AtomicU32::new(0);
static mut TABLE: [Slot; 4] = [Slot { id: 0, pair: (0, 0) }; 4];

#[derive(Clone, Copy)]
pub struct Slot {
    id: u16,
    pair: (u8, u32),
}

impl Slot {
    #[inline(never)]
    fn touch(&mut self, by: u32) {
        self.id += 1;
        self.pair.1 += by;
    }
}

mod inner {
    pub static mut LAST: i64 = -1;
    pub fn note(value: i64) {
        static mut CALLS: u8 = 0;
        unsafe {
            CALLS = CALLS.wrapping_add(1);
            LAST = value + CALLS as i64;
        }
    }
}

fn twice<T: Copy + core::ops::Add<Output = T>>(value: T) -> T {
    value + value
}

#[no_mangle]
pub extern "C" fn bump(by: u32) -> u32 {
    HITS.fetch_add(1, Ordering::Relaxed);
    unsafe {
        COUNTER += twice(by);
        TABLE[(by & 3) as usize].touch(by);
        inner::note(COUNTER as i64);
        COUNTER
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
