//! Whose turn it is, and when: the rules of the queue, without I/O.
//!
//! The rule it protects: no provider is asked more often than its limit in any minute, whoever asks, and none is asked while it
//! said that it does not want to be.

use chrono::{DateTime, TimeDelta, Utc};

/// What the limit counts over. Two seconds more than a minute: a request may be longer on its way than the next.
const WINDOW: TimeDelta = TimeDelta::seconds(62);
/// So many failures in a row open the breaker, and so long it stays open; then one request tries.
pub(super) const BREAKS_AFTER: i32 = 5;
pub(super) const BREAK: TimeDelta = TimeDelta::seconds(30);
/// A provider that wants to be left alone for longer is as good as down.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// How often a provider was asked of late, and whether it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vez {
    pub limit: usize,
    /// The oldest first.
    pub asked_at: Vec<DateTime<Utc>>,
    pub failures: i32,
    pub closed_until: Option<DateTime<Utc>>,
}

/// What may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The provider of this number may be asked now.
    Ask(usize),
    /// Somebody may be asked then.
    Wait(DateTime<Utc>),
    /// Nobody answers.
    Nobody,
}

impl Vez {
    fn is_closed(&self, now: DateTime<Utc>) -> bool {
        self.closed_until.is_some_and(|until| until > now)
    }

    const fn is_broken(&self) -> bool {
        self.failures >= BREAKS_AFTER
    }

    /// When the limit lets the request after `ahead` others begin, if `spare` requests of every minute are left for others.
    fn free_at(&self, now: DateTime<Utc>, ahead: usize, spare: usize) -> DateTime<Utc> {
        let mut asked = self.asked_at.clone();
        let limit = self.limit.saturating_sub(spare).max(1);
        for _ in 0..ahead {
            asked.push(Self::after(limit, &asked, now));
        }
        Self::after(limit, &asked, now)
    }

    fn after(limit: usize, asked: &[DateTime<Utc>], now: DateTime<Utc>) -> DateTime<Utc> {
        // The clocks of two machines may differ: time does not run backwards for a provider.
        let latest = asked.last().copied().unwrap_or(now).max(now);
        match asked.len().checked_sub(limit) {
            Some(nth) => latest.max(asked[nth] + WINDOW),
            None => latest,
        }
    }

    /// Notes that it is asked now.
    pub(super) fn ask(&mut self, now: DateTime<Utc>) {
        let now = self.asked_at.last().copied().unwrap_or(now).max(now);
        self.asked_at.push(now);
        let superfluous = self.asked_at.len().saturating_sub(self.limit);
        self.asked_at.drain(..superfluous);
        if self.is_broken() {
            // One tries; the others go on as if it were down.
            self.closed_until = Some(now + BREAK);
        }
    }

    pub(super) fn answered(&mut self) {
        self.failures = 0;
        self.closed_until = None;
    }

    pub(super) fn failed(&mut self, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        if self.is_broken() {
            self.closed_until = Some(now + BREAK);
        }
    }

    /// It answers, but not so often: nobody asks before.
    pub(super) fn limited(&mut self, until: DateTime<Utc>) {
        self.failures = 0;
        self.closed_until = self.closed_until.max(Some(until));
    }
}

/// The first in order that answers is the one to ask, or to wait for. `ahead` wait before whoever asks; who asks for nobody that
/// waits leaves `spare` requests of every minute to those who do.
pub(super) fn next(vezes: &[Vez], now: DateTime<Utc>, ahead: usize, spare: usize) -> Next {
    let open = vezes.iter().enumerate().find(|(_, vez)| !vez.is_closed(now));
    if let Some((i, vez)) = open {
        let at = vez.free_at(now, ahead, spare);
        return if at <= now { Next::Ask(i) } else { Next::Wait(at) };
    }
    let patient = vezes.iter().filter(|vez| !vez.is_broken()).filter_map(|vez| Some((vez.closed_until?, vez)));
    match patient.min_by_key(|(until, _)| *until) {
        Some((until, vez)) if until - now <= PATIENCE => Next::Wait(vez.free_at(until, ahead, spare)),
        _ => Next::Nobody,
    }
}

/// After the provider of number `failed` did not answer: another one further down that may be asked at once.
pub(super) fn instead(vezes: &[Vez], failed: usize, now: DateTime<Utc>) -> Option<usize> {
    (failed + 1..vezes.len()).find(|i| !vezes[*i].is_closed(now) && vezes[*i].free_at(now, 0, 0) <= now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn vez(limit: usize) -> Vez {
        Vez { limit, asked_at: Vec::new(), failures: 0, closed_until: None }
    }

    #[test]
    fn the_fourth_within_a_minute_waits() {
        let mut one = vez(3);
        for second in [0, 1, 2] {
            assert_eq!(next(std::slice::from_ref(&one), at(second), 0, 0), Next::Ask(0));
            one.ask(at(second));
        }
        let vezes = [one];
        assert_eq!(next(&vezes, at(3), 0, 0), Next::Wait(at(62)));
        assert_eq!(next(&vezes, at(3), 1, 0), Next::Wait(at(63)));
        assert_eq!(next(&vezes, at(3), 3, 0), Next::Wait(at(124)), "the first of the next three is a window before");
        assert_eq!(next(&vezes, at(62), 0, 0), Next::Ask(0));
    }

    #[test]
    fn who_asks_for_nobody_leaves_one_of_every_minute() {
        let mut one = vez(3);
        for second in [0, 1] {
            assert_eq!(next(std::slice::from_ref(&one), at(second), 0, 1), Next::Ask(0));
            one.ask(at(second));
        }
        assert_eq!(next(std::slice::from_ref(&one), at(2), 0, 1), Next::Wait(at(62)));
        assert_eq!(next(std::slice::from_ref(&one), at(2), 0, 0), Next::Ask(0), "a person is served at once");
        // Of one that allows one a minute nothing can be spared.
        assert_eq!(next(&[vez(1)], at(0), 0, 1), Next::Ask(0));
    }

    #[test]
    fn five_failures_open_the_breaker_and_one_tries_after_half_a_minute() {
        let mut vezes = [vez(100), vez(100)];
        for _ in 0..4 {
            vezes[0].failed(at(0));
        }
        assert_eq!(next(&vezes, at(0), 0, 0), Next::Ask(0), "four are bad luck");
        vezes[0].failed(at(0));
        assert_eq!(next(&vezes, at(29), 0, 0), Next::Ask(1), "the next in order");
        assert_eq!(next(&vezes[..1], at(29), 0, 0), Next::Nobody);
        assert_eq!(next(&vezes, at(30), 0, 0), Next::Ask(0));
        vezes[0].ask(at(30));
        assert_eq!(next(&vezes, at(30), 0, 0), Next::Ask(1), "one tries, not all");
        vezes[0].failed(at(31));
        assert_eq!(next(&vezes[..1], at(60), 0, 0), Next::Nobody);
        vezes[0].ask(at(61));
        vezes[0].answered();
        assert_eq!(next(&vezes, at(61), 0, 0), Next::Ask(0));
    }

    #[test]
    fn retry_after_is_waited_for_within_reason() {
        let mut vezes = [vez(3)];
        vezes[0].limited(at(40));
        assert_eq!(next(&vezes, at(0), 0, 0), Next::Wait(at(40)));
        vezes[0].limited(at(20));
        assert_eq!(next(&vezes, at(0), 0, 0), Next::Wait(at(40)), "a shorter one does not shorten it");
        vezes[0].limited(at(3600));
        assert_eq!(next(&vezes, at(0), 0, 0), Next::Nobody);
        assert_eq!(next(&vezes, at(3600), 0, 0), Next::Ask(0));
    }

    proptest! {
        /// Whatever clocks say, no sixty seconds hold more requests than the limit.
        #[test]
        fn no_minute_holds_more_than_the_limit(limit in 1usize..6, steps in prop::collection::vec(-5i64..40, 1..80)) {
            let (mut one, mut now, mut asked) = (vez(limit), 1_000, Vec::new());
            for step in steps {
                now += step;
                if next(std::slice::from_ref(&one), at(now), 0, 0) == Next::Ask(0) {
                    one.ask(at(now));
                    asked.push(*one.asked_at.last().unwrap());
                }
            }
            for window in asked.windows(limit + 1) {
                prop_assert!(window[limit] - window[0] >= TimeDelta::seconds(60), "{window:?}");
            }
        }
    }
}
