//! A list's state is its address: search, filters, sort, page and page size live in the query string and nowhere else.
//!
//! [`ListState`] is read from the query and makes the links that change one of these and keep the rest.

mod chips;
mod links;
mod pager;
mod sort;
#[cfg(test)]
mod tests;
mod view;

use kernel::{PageRequest, PageSize};
use url::form_urlencoded;

pub use chips::Chip;
pub use pager::Pager;
pub use sort::{Direction, Sort};
pub use view::{Layout, View};

use sort::without_repeats;

/// Reserved names in the query string of every list.
const SEARCH: &str = "q";
const SORT: &str = "ordem";
const PAGE: &str = "pagina";
const SIZE: &str = "por";
/// The whole list, where the plain address opens something narrower: a person's default visão.
const ALL: &str = "tudo";
/// Columns that sort one after the other.
const MAX_SORTS: usize = 3;

/// What a list shows and the links to its neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    path: String,
    /// Search and filters in the order they came, without empty ones and without the reserved names below.
    filters: Vec<(String, String)>,
    pub sort: Sort,
    /// What sorts rows that are alike in `sort`.
    then: Vec<Sort>,
    max_sorts: usize,
    default_sort: Sort,
    pub page: PageRequest,
    /// Whether the plain address opens something narrower, so that the whole list needs one that says so.
    narrower: bool,
}

impl ListState {
    /// Reads the query of `path`. `sorts` are the columns that may sort, the first of them the default unless `default` says
    /// otherwise. Nonsense (an unknown column, page 0, 37 rows) falls back silently: old bookmarks must open.
    #[must_use]
    pub fn read(path: impl Into<String>, query: &str, sorts: &[&'static str], default: Sort) -> Self {
        Self::reading(path.into(), query, sorts, default, 1)
    }

    /// As [`ListState::read`], for a list that sorts by up to three columns, one after the other: `ordem=uf,-nome`.
    #[must_use]
    pub fn read_many(path: impl Into<String>, query: &str, sorts: &[&'static str], default: Sort) -> Self {
        Self::reading(path.into(), query, sorts, default, MAX_SORTS)
    }

    fn reading(path: String, query: &str, sorts: &[&'static str], default: Sort, max_sorts: usize) -> Self {
        let mut list = Self {
            path,
            filters: Vec::new(),
            sort: default,
            then: Vec::new(),
            max_sorts,
            default_sort: default,
            page: PageRequest::default(),
            narrower: false,
        };
        let mut asked: Vec<Sort> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match &*name {
                // One after the other, or from the fields of a form.
                SORT => asked.extend(value.split(',').filter_map(|code| Sort::read(code, sorts))),
                ALL => {}
                PAGE => list.page.number = value.parse().unwrap_or(1).max(1),
                SIZE => list.page.size = value.parse().unwrap_or_default(),
                _ if value.is_empty() => {}
                name => {
                    let pair = (name.to_owned(), value.to_owned());
                    if !list.filters.contains(&pair) {
                        list.filters.push(pair);
                    }
                }
            }
        }
        let mut asked = without_repeats(asked, max_sorts).into_iter();
        if let Some(first) = asked.next() {
            list.sort = first;
            list.then = asked.collect();
        }
        list
    }

    /// Whether the plain address opens something narrower than the whole list.
    #[must_use]
    pub const fn narrower(mut self, narrower: bool) -> Self {
        self.narrower = narrower;
        self
    }

    /// What the list is sorted by, the first first.
    pub fn sorts(&self) -> impl Iterator<Item = Sort> {
        std::iter::once(self.sort).chain(self.then.iter().copied())
    }

    /// The search text.
    #[must_use]
    pub fn search(&self) -> &str {
        self.filter(SEARCH).unwrap_or("")
    }

    /// First value of a filter.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All values of a filter (`uf=SC&uf=RS`).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.filters.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.filters.iter().any(|(n, v)| n == name && v == value)
    }

    /// Whether anything narrows the list; an empty result then says so instead of teaching how to begin.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Rows per page that are offered.
    #[must_use]
    pub fn sizes(&self) -> [PageSize; 3] {
        PageSize::ALL
    }

    /// Path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}
