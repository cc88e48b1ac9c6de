//! How often each program has asked in this minute.
//!
//! A process counts for itself and tells the token's row every few requests; every request reads that row anyway, so that each
//! process knows what the others told, without one more statement. What a process has not told yet is at most a tenth of the
//! limit: with n processes a program gets at most 1 + (n − 1) / 10 of what it may ask.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use web::{Pace, Quota};

use super::TokenId;

/// Seconds of a window.
const WINDOW: i64 = 60;
/// Beyond it, what is over is forgotten.
const MANY: usize = 4096;

/// The counters of one process.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<HashMap<TokenId, Local>>);

#[derive(Debug, Clone, Copy, Default)]
struct Local {
    minute: i64,
    /// Counted here, and not told yet.
    untold: u32,
    /// The limit that was reached.
    full: Option<u32>,
}

/// Minutes since 1970.
fn minute(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(WINDOW)
}

/// How many uses a process keeps to itself.
fn untold_at_most(limit: u32) -> u32 {
    (limit / 10).clamp(1, 100)
}

fn quota(limit: u32, used: u32, now: DateTime<Utc>) -> Quota {
    let left = WINDOW - now.timestamp().rem_euclid(WINDOW);
    Quota { limit, remaining: limit.saturating_sub(used), resets_in: u32::try_from(left).unwrap_or(1), over: false, tell: false }
}

impl Paces {
    /// Counts `uses` more of a program whose row says `known`.
    pub(crate) fn spend(&self, id: TokenId, known: Pace, now: DateTime<Utc>, uses: u32) -> Quota {
        let this = minute(now);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MANY {
            all.retain(|_, local| local.minute == this);
        }
        let local = all.entry(id).or_default();
        if local.minute != this {
            *local = Local { minute: this, ..Local::default() };
        }
        let told = if known.minute == this { known.count } else { 0 };
        let used = told.saturating_add(local.untold);
        if used >= known.limit {
            local.full = Some(known.limit);
            return Quota { over: true, ..quota(known.limit, used, now) };
        }
        local.untold += uses;
        let tell = local.untold >= untold_at_most(known.limit);
        drop(all);
        Quota { tell, ..quota(known.limit, used.saturating_add(uses), now) }
    }

    /// A program that has nothing left of this minute, before anything is asked of the database.
    pub(crate) fn full(&self, id: TokenId, now: DateTime<Utc>) -> Option<Quota> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let local = all.get(&id).copied().filter(|local| local.minute == minute(now))?;
        drop(all);
        local.full.map(|limit| Quota { over: true, ..quota(limit, limit, now) })
    }

    /// What is to be told of a program: the minute, and the uses in it. They count as told from now on: when they cannot be
    /// written they are forgotten, rather than held against the program twice.
    pub(crate) fn take(&self, id: TokenId, now: DateTime<Utc>) -> (i64, u32) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_mut(&id).map_or((minute(now), 0), |local| (local.minute, mem::take(&mut local.untold)))
    }
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_020 + seconds, 0).unwrap()
    }

    fn id() -> TokenId {
        TokenId::new(Clock::system().uuid())
    }

    /// Two processes, of which only one tells.
    #[test]
    fn what_others_told_counts_here() {
        let (here, there, id) = (Paces::default(), Paces::default(), id());
        let mut row = Pace { limit: 20, minute: minute(at(0)), count: 0 };
        let mut got = 0;
        for _ in 0..40 {
            for process in [&here, &there] {
                let quota = process.spend(id, row, at(1), 1);
                got += u32::from(!quota.over);
                if quota.tell {
                    row.count += process.take(id, at(1)).1;
                }
            }
        }
        assert!((20..=22).contains(&got), "{got}: a tenth of the limit at most");
        assert!(here.full(id, at(1)).is_some_and(|quota| quota.over && quota.remaining == 0 && quota.resets_in == 59));
        assert!(here.full(id, at(60)).is_none() && !here.spend(id, row, at(60), 1).over, "a new minute");
        assert!(here.full(self::id(), at(1)).is_none());
    }

    #[test]
    fn a_look_counts_nothing_and_the_rest_is_told() {
        let (paces, id) = (Paces::default(), id());
        let row = Pace { limit: 10, minute: 0, count: 999 };
        assert_eq!(paces.spend(id, row, at(0), 0).remaining, 10, "of a minute that is over");
        for left in (0..10).rev() {
            let quota = paces.spend(id, row, at(0), 1);
            assert_eq!((quota.remaining, quota.over, quota.tell), (left, false, true));
        }
        assert!(paces.spend(id, row, at(0), 0).over && paces.spend(id, row, at(59), 1).over);
        assert_eq!(paces.take(id, at(59)), (minute(at(0)), 10));
        assert_eq!(paces.take(id, at(59)).1, 0, "told once");
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let paces = Paces::default();
        let row = Pace { limit: 10, minute: 0, count: 0 };
        for _ in 0..MANY {
            paces.spend(id(), row, at(0), 1);
        }
        paces.spend(id(), row, at(60), 1);
        assert_eq!(paces.0.lock().unwrap().len(), 1);
    }
}
