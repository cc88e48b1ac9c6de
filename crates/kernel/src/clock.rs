use std::{
    fmt,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Duration, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// The time and the ids of a process, handed in so that tests decide both.
///
/// Nothing else may ask for the wall clock (`clippy.toml`).
#[derive(Clone, Default)]
pub struct Clock(Option<FixedClock>);

impl Clock {
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    #[must_use]
    pub const fn fixed(fixed: FixedClock) -> Self {
        Self(Some(fixed))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that asks the wall clock")]
            None => Utc::now(),
            Some(fixed) => fixed.now(),
        }
    }

    /// A fresh UUIDv7.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
            None => Uuid::now_v7(),
            Some(fixed) => fixed.uuid(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(fixed)" } else { "Clock(system)" })
    }
}

/// A clock that stands still until it is moved; clones share the time.
#[derive(Clone)]
pub struct FixedClock(Arc<Mutex<(DateTime<Utc>, ContextV7)>>);

impl FixedClock {
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new((now, ContextV7::new()))))
    }

    pub fn advance(&self, by: Duration) {
        self.lock().0 += by;
    }

    fn now(&self) -> DateTime<Utc> {
        self.lock().0
    }

    fn uuid(&self) -> Uuid {
        let state = self.lock();
        let seconds = u64::try_from(state.0.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&state.1, seconds, state.0.timestamp_subsec_nanos()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (DateTime<Utc>, ContextV7)> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let fixed = FixedClock::at(DateTime::UNIX_EPOCH);
        let clock = Clock::fixed(fixed.clone());
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
        fixed.advance(Duration::hours(1));
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH + Duration::hours(1));
        let (a, b) = (clock.uuid(), clock.uuid());
        assert!(a < b, "ids of one instant keep their order");
    }
}
