use std::borrow::Borrow;

use kernel::{PageRequest, PageSize};
use url::form_urlencoded;

use super::{ALL, Direction, ListState, PAGE, SIZE, SORT, Sort, sort::codes};
use crate::frame::Count;

/// Links. Each keeps everything it does not change, and goes back to page 1 unless it is about pages.
impl ListState {
    /// This very list.
    #[must_use]
    pub fn link(&self) -> String {
        self.write(&self.path, &self.filters, &self.order(), self.page)
    }

    #[must_use]
    pub fn page_link(&self, number: impl Count) -> String {
        let number = u32::try_from(number.count()).unwrap_or(1);
        self.write(&self.path, &self.filters, &self.order(), PageRequest { number, ..self.page })
    }

    /// Another number of rows, keeping the first row of this page in sight.
    #[must_use]
    pub fn size_link(&self, size: impl Borrow<PageSize>) -> String {
        let size = *size.borrow();
        let number = self.page.offset() / i64::from(size.rows()) + 1;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.write(&self.path, &self.filters, &self.order(), PageRequest { number, size })
    }

    /// Sorts by this column; turns the direction round when it already does.
    #[must_use]
    pub fn sort_link(&self, key: &str) -> String {
        let turned = self.sort.key == key && self.sort.direction == Direction::Up;
        let code = if turned { format!("-{key}") } else { key.to_owned() };
        self.write(&self.path, &self.filters, &code, self.first_page())
    }

    /// Sorts by this column too, after those that sort already; by one that sorts already, the other way round, and then no more.
    /// Empty where a list sorts by one column only.
    #[must_use]
    pub fn sort_more_link(&self, key: &str) -> String {
        if self.max_sorts == 1 {
            return String::new();
        }
        let mut sorts: Vec<String> = Vec::new();
        let mut found = false;
        for sort in self.sorts() {
            match (sort.key == key, sort.direction) {
                (false, _) => sorts.push(sort.code()),
                (true, Direction::Up) => sorts.push(Sort::down(sort.key).code()),
                (true, Direction::Down) => {}
            }
            found |= sort.key == key;
        }
        if !found {
            sorts.truncate(self.max_sorts - 1);
            sorts.push(key.to_owned());
        }
        let code = if sorts.is_empty() { self.default_sort.code() } else { sorts.join(",") };
        self.write(&self.path, &self.filters, &code, self.first_page())
    }

    /// Value of `aria-sort` for a column.
    #[must_use]
    pub fn aria_sort(&self, key: &str) -> &'static str {
        match self.sorts().find(|sort| sort.key == key).map(|sort| sort.direction) {
            None => "none",
            Some(Direction::Up) => "ascending",
            Some(Direction::Down) => "descending",
        }
    }

    /// Which of several that sort a column is, counted from 1; `None` when it does not, or does so alone.
    #[must_use]
    pub fn sort_place(&self, key: &str) -> Option<usize> {
        if self.then.is_empty() { None } else { self.sorts().position(|sort| sort.key == key).map(|at| at + 1) }
    }

    /// What the column of that place (from 0) sorts by, as its option in the form: `nome` or `-nome`, empty for none.
    #[must_use]
    pub fn order_at(&self, place: impl Borrow<usize>) -> String {
        self.sorts().nth(*place.borrow()).map(Sort::code).unwrap_or_default()
    }

    /// The places that the form offers.
    #[must_use]
    pub fn order_places(&self) -> std::ops::Range<usize> {
        0..self.max_sorts
    }

    /// What the form need not send.
    #[must_use]
    pub fn default_order(&self) -> String {
        self.default_sort.code()
    }

    fn order(&self) -> String {
        codes(self.sorts())
    }

    /// The whole list, under an address that opens it whatever the plain one opens.
    #[must_use]
    pub fn whole(&self) -> String {
        if self.narrower { format!("{}?{ALL}=sim", self.path) } else { self.path.clone() }
    }

    /// One filter value added.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut filters = self.filters.clone();
        if !self.has(name, value) {
            filters.push((name.to_owned(), value.to_owned()));
        }
        self.write(&self.path, &filters, &self.order(), self.first_page())
    }

    /// One filter value removed.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> String {
        self.keeping(|(n, v)| n != name || v != value)
    }

    /// All values of a filter removed.
    #[must_use]
    pub fn without_all(&self, name: &str) -> String {
        self.keeping(|(n, _)| n != name)
    }

    /// Search and filters removed; sort and page size stay.
    #[must_use]
    pub fn cleared(&self) -> String {
        self.keeping(|_| false)
    }

    /// The same rows under another path (exports, "every number opens its rows").
    #[must_use]
    pub fn link_at(&self, path: &str) -> String {
        self.write(path, &self.filters, &self.order(), self.first_page())
    }

    /// Everything a filter form must carry along in hidden fields besides its own `fields` (names with spaces between).
    #[must_use]
    pub fn hidden(&self, fields: &str) -> Vec<(String, String)> {
        let own = |name: &str| fields.split_whitespace().any(|field| field == name);
        let mut kept: Vec<_> = self.filters.iter().filter(|(name, _)| !own(name)).cloned().collect();
        kept.extend(self.view_pairs(&self.order(), self.first_page()).into_iter().filter(|(name, _)| !own(name)));
        if self.narrower {
            kept.push((ALL.to_owned(), "sim".to_owned()));
        }
        kept
    }

    fn keeping(&self, keep: impl Fn(&(String, String)) -> bool) -> String {
        let filters: Vec<_> = self.filters.iter().filter(|pair| keep(pair)).cloned().collect();
        self.write(&self.path, &filters, &self.order(), self.first_page())
    }

    const fn first_page(&self) -> PageRequest {
        PageRequest { number: 1, size: self.page.size }
    }

    /// What is not the default is written, so that the plain list has a plain address.
    fn view_pairs(&self, sort: &str, page: PageRequest) -> Vec<(String, String)> {
        let mut pairs = Vec::with_capacity(3);
        if sort != self.default_sort.code() {
            pairs.push((SORT.to_owned(), sort.to_owned()));
        }
        if page.size != PageSize::default() {
            pairs.push((SIZE.to_owned(), page.size.rows().to_string()));
        }
        if page.number > 1 {
            pairs.push((PAGE.to_owned(), page.number.to_string()));
        }
        pairs
    }

    fn write(&self, path: &str, filters: &[(String, String)], sort: &str, page: PageRequest) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filters).extend_pairs(self.view_pairs(sort, page));
        let query = readable(&query.finish());
        match query.as_str() {
            "" if path == self.path => self.whole(),
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// Commas need no escape in a query, and people read addresses.
fn readable(query: &str) -> String {
    query.replace("%2C", ",")
}

impl ListState {
    /// Search, filters and order as a query string; empty when the list is as it always is.
    #[must_use]
    pub fn query(&self) -> String {
        self.link_at("").trim_start_matches('?').to_owned()
    }

    /// As [`ListState::query`], with the page: what brings one back to these very rows.
    #[must_use]
    pub fn place(&self) -> String {
        self.write("", &self.filters, &self.order(), self.page).trim_start_matches('?').to_owned()
    }

    /// A query string that somebody sent, written as a list writes its own: without the page and without what is empty.
    #[must_use]
    pub fn query_of(sent: &str) -> String {
        let pairs =
            form_urlencoded::parse(sent.as_bytes()).filter(|(name, value)| name != PAGE && name != ALL && !value.is_empty());
        readable(&form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}
