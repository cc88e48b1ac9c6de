/// How far a long piece of work has come, for a progress bar or a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// `migrated`, `failed`, `table`, …: what the function that reports lists in its documentation.
    pub step: &'static str,
    /// What it is about: a slug, a table.
    pub subject: String,
    /// Pieces finished, of `total`; both 0 where nothing can be counted.
    pub done: usize,
    pub total: usize,
}

impl Progress {
    pub(crate) fn new(step: &'static str, subject: impl Into<String>, done: usize, total: usize) -> Self {
        Self { step, subject: subject.into(), done, total }
    }
}
