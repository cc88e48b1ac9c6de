//! Places at which a test can kill the process, to see that the next one finishes what this one began.

/// Ends the process here, as a power cut would, when `SRI_CRASH_AT` names this place (`fleet.migrated`, or
/// `fleet.migrated:5` for the fifth time it is passed). Does nothing in release builds.
#[cfg(debug_assertions)]
pub fn crash_point(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};

    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("SRI_CRASH_AT") else { return };
    let (place, time) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if place == name && time.parse() == Ok(PASSED.fetch_add(1, Ordering::Relaxed) + 1) {
        // No destructor runs, no connection is closed in good order.
        std::process::abort();
    }
}

/// Does nothing: places to crash at exist in debug builds only.
#[cfg(not(debug_assertions))]
pub const fn crash_point(_name: &str) {}
