#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// Column and direction; in the query `ordem=nome` or `ordem=-nome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub key: &'static str,
    pub direction: Direction,
}

impl Sort {
    #[must_use]
    pub const fn up(key: &'static str) -> Self {
        Self { key, direction: Direction::Up }
    }

    #[must_use]
    pub const fn down(key: &'static str) -> Self {
        Self { key, direction: Direction::Down }
    }

    pub(super) fn read(code: &str, sorts: &[&'static str]) -> Option<Self> {
        let code = code.trim();
        let (key, make): (_, fn(&'static str) -> Self) = match code.strip_prefix('-') {
            Some(key) => (key, Self::down),
            None => (code, Self::up),
        };
        sorts.iter().find(|sort| **sort == key).map(|key| make(key))
    }

    pub(super) fn code(self) -> String {
        match self.direction {
            Direction::Up => self.key.to_owned(),
            Direction::Down => format!("-{}", self.key),
        }
    }
}

/// A column sorts once.
pub(super) fn without_repeats(sorts: Vec<Sort>, max: usize) -> Vec<Sort> {
    let mut kept: Vec<Sort> = Vec::with_capacity(max);
    for sort in sorts {
        if kept.len() < max && kept.iter().all(|other| other.key != sort.key) {
            kept.push(sort);
        }
    }
    kept
}

pub(super) fn codes(sorts: impl IntoIterator<Item = Sort>) -> String {
    sorts.into_iter().map(Sort::code).collect::<Vec<_>>().join(",")
}
