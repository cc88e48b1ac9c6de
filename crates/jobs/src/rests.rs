//! Unidades that are left alone for a while, since their jobs may not run now.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use tenancy::UnidadeId;

/// How long a unidade that is not served is left alone; a change of its row ends it sooner.
const REST: Duration = Duration::from_secs(30);
/// How long where something changed while its job was looked at: perhaps the very row.
const NAP: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct Rests {
    until: HashMap<UnidadeId, Instant>,
    changes: u64,
}

/// How much had been heard when a job was begun.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard(u64);

impl Rests {
    pub(crate) const fn heard(&self) -> Heard {
        Heard(self.changes)
    }

    /// The unidade of a job begun at `heard` is not served. What is heard in between finds no rest that it could end.
    pub(crate) fn rest(&mut self, unidade: UnidadeId, heard: Heard, now: Instant) {
        let rest = if heard.0 == self.changes { REST } else { NAP };
        self.until.insert(unidade, now + rest);
    }

    /// The row of a unidade changed; `None`: perhaps any.
    pub(crate) fn changed(&mut self, unidade: Option<UnidadeId>) {
        self.changes += 1;
        match unidade {
            Some(unidade) => drop(self.until.remove(&unidade)),
            None => self.until.clear(),
        }
    }

    pub(crate) fn resting(&mut self, now: Instant) -> impl Iterator<Item = UnidadeId> {
        self.until.retain(|_, until| *until > now);
        self.until.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn unidade(n: u128) -> UnidadeId {
        UnidadeId::new(Uuid::from_u128(n))
    }

    fn resting(rests: &mut Rests, now: Instant) -> Vec<UnidadeId> {
        let mut all: Vec<_> = rests.resting(now).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_change_ends_a_rest() {
        let (mut rests, now) = (Rests::default(), Instant::now());
        for n in [1, 2] {
            rests.rest(unidade(n), rests.heard(), now);
        }
        rests.changed(Some(unidade(1)));
        assert_eq!(resting(&mut rests, now + NAP), [unidade(2)]);
        assert_eq!(resting(&mut rests, now + REST), []);
        rests.rest(unidade(2), rests.heard(), now);
        rests.changed(None);
        assert_eq!(resting(&mut rests, now), []);
    }

    /// A unidade is opened while its first job finds it closed: the news comes before the rest that it should end.
    #[test]
    fn a_change_that_comes_before_the_rest_counts() {
        let (mut rests, now) = (Rests::default(), Instant::now());
        let heard = rests.heard();
        rests.changed(Some(unidade(1)));
        rests.rest(unidade(1), heard, now);
        assert_eq!(resting(&mut rests, now), [unidade(1)]);
        assert_eq!(resting(&mut rests, now + NAP), []);
    }
}
