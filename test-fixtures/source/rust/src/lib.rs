//! Counts events, for all callers of an instance.
#![no_std]

#[repr(C)]
struct State {
    sum: u32,
    amounts: u32,
}

/// Events so far. The memory of an instance has one such number,
/// whoever calls, and nothing keeps two callers apart.
static mut COUNTER: u32 = 0;

/// Two numbers that belong together.
static mut STATE: State = State { sum: 0, amounts: 0 };

/// Events of each of four kinds.
static mut SLOTS: [u32; 4] = [0; 4];

fn next(before: u32) -> u32 {
    before.wrapping_add(1)
}

/// Counts an event. Two calls at once can both read the old count before one
/// of them writes the new one. Then an event is lost.
#[no_mangle]
pub extern "C" fn bump() -> u32 {
    unsafe {
        let before = COUNTER;
        // A caller that is preempted here writes a count that is out of date.
        COUNTER = next(before);
        COUNTER
    }
}

/// Adds an amount. Between the two lines, `mean` is wrong.
#[no_mangle]
pub extern "C" fn record(amount: u32) {
    unsafe {
        STATE.sum = STATE.sum.wrapping_add(amount);
        STATE.amounts = STATE.amounts.wrapping_add(1);
    }
}

/// The mean of the amounts so far.
#[no_mangle]
pub extern "C" fn mean() -> u32 {
    unsafe { STATE.sum.checked_div(STATE.amounts).unwrap_or(0) }
}

/// Counts an event of a kind. Which slot that is depends on the caller.
#[no_mangle]
pub extern "C" fn count_kind(kind: u32) {
    unsafe {
        let slot = &raw mut SLOTS[(kind & 3) as usize];
        *slot = (*slot).wrapping_add(1);
    }
}

/// Uses no shared state: any number of callers may call it at once.
#[no_mangle]
pub extern "C" fn double_of(number: u32) -> u32 {
    number.wrapping_mul(2)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
