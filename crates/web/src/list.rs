//! A list's state is its address: search, filters, sort, page and page size live in the query string and nowhere else.
//!
//! [`ListState`] is read from the query and makes the links that change one of these and keep the rest.

use std::borrow::Borrow;

use kernel::{PageRequest, PageSize};
use url::form_urlencoded;

use crate::{forms::Choice, frame::Count};

/// Reserved names in the query string of every list.
const SEARCH: &str = "q";
const SORT: &str = "ordem";
const PAGE: &str = "pagina";
const SIZE: &str = "por";
/// The whole list, where the plain address opens something narrower: a person's default visão.
const ALL: &str = "tudo";
/// Columns that sort one after the other.
const MAX_SORTS: usize = 3;

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

    fn read(code: &str, sorts: &[&'static str]) -> Option<Self> {
        let code = code.trim();
        let (key, make): (_, fn(&'static str) -> Self) = match code.strip_prefix('-') {
            Some(key) => (key, Self::down),
            None => (code, Self::up),
        };
        sorts.iter().find(|sort| **sort == key).map(|key| make(key))
    }

    fn code(self) -> String {
        match self.direction {
            Direction::Up => self.key.to_owned(),
            Direction::Down => format!("-{}", self.key),
        }
    }
}

/// A column sorts once.
fn without_repeats(sorts: Vec<Sort>, max: usize) -> Vec<Sort> {
    let mut kept: Vec<Sort> = Vec::with_capacity(max);
    for sort in sorts {
        if kept.len() < max && kept.iter().all(|other| other.key != sort.key) {
            kept.push(sort);
        }
    }
    kept
}

fn codes(sorts: impl IntoIterator<Item = Sort>) -> String {
    sorts.into_iter().map(Sort::code).collect::<Vec<_>>().join(",")
}

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

/// How a person likes a list to look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Columns that are not shown.
    pub hidden: Vec<String>,
    /// Rows close together.
    pub compact: bool,
}

impl Layout {
    #[must_use]
    pub fn shows(&self, column: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == column)
    }
}

/// A list as somebody keeps it under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub label: String,
    pub href: String,
    /// For everybody in the unidade.
    pub shared: bool,
    /// What forgets it, when it is the person's own.
    pub remove: Option<String>,
    /// The list opens with it, for this person.
    pub default: bool,
    /// What makes it so, or not any more.
    pub prefer: String,
}

impl View {
    /// Query string of its address.
    #[must_use]
    pub fn query(&self) -> &str {
        self.href.split_once('?').map_or("", |(_, query)| query)
    }
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

/// An active filter as a chip that removes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub value: String,
    pub remove: String,
}

impl ListState {
    /// One chip per filter: its values joined (`UF: SC, RS`), `name_of` turning codes into words. `None` when not filtered by it.
    #[must_use]
    pub fn chip(&self, name: &str, label: &str, name_of: impl Fn(&str) -> String) -> Option<Chip> {
        let values: Vec<_> = self.all(name).map(name_of).collect();
        (!values.is_empty()).then(|| Chip { label: label.to_owned(), value: values.join(", "), remove: self.without_all(name) })
    }
}

impl ListState {
    /// The labels of the options a filter is set to, for the chip that opens it; empty when not filtered by it.
    #[must_use]
    pub fn chosen(&self, name: &str, options: &[Choice]) -> String {
        let labels: Vec<_> =
            options.iter().filter(|option| self.has(name, &option.value)).map(|option| option.label.as_str()).collect();
        match labels.as_slice() {
            [first, second, rest @ ..] if rest.len() > 1 => format!("{first}, {second} +{}", rest.len()),
            few => few.join(", "),
        }
    }
}

/// Where in all the pages one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    pub total: i64,
    /// First and last row shown, counted from 1; 0 and 0 when there are none.
    pub from: i64,
    pub to: i64,
    pub current: u32,
    pub last: u32,
    /// Page numbers to offer; `None` is a gap.
    pub pages: Vec<Option<u32>>,
}

impl Pager {
    /// For `total` rows in all. A page behind the last one (rows were deleted meanwhile) shows no rows but leads back.
    #[must_use]
    pub fn new(page: PageRequest, total: i64) -> Self {
        let last = page.last(total);
        let from = (page.offset() + 1).min(total);
        let to = (page.offset() + page.limit()).min(total);
        let mut pages = Vec::with_capacity(7);
        let near = page.number.clamp(1, last);
        for number in [1, near.saturating_sub(1), near, near.saturating_add(1), last] {
            if number < 1 || number > last || pages.contains(&Some(number)) {
                continue;
            }
            match pages.last() {
                // A gap of one page is that page: the dots would be no shorter.
                Some(Some(before)) if number - before == 2 => pages.push(Some(before + 1)),
                Some(Some(before)) if number - before > 2 => pages.push(None),
                _ => {}
            }
            pages.push(Some(number));
        }
        Self { total, from, to, current: page.number, last, pages }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SORTS: &[&str] = &["nome", "cidade"];

    fn read(query: &str) -> ListState {
        ListState::read("/empresas", query, SORTS, Sort::up("nome"))
    }

    /// What comes back when a link of ours is followed.
    fn follow(link: &str) -> ListState {
        read(link.split_once('?').map_or("", |(_, query)| query))
    }

    #[test]
    fn a_query_that_somebody_sent_is_kept_as_a_list_would_write_it() {
        let list = ListState::read("/empresas", "q=a%C3%A7o&uf=SC&pagina=3&por=50&ordem=-nome&x=", &["nome"], Sort::up("nome"));
        assert_eq!(list.query(), "q=a%C3%A7o&uf=SC&ordem=-nome&por=50");
        assert_eq!(list.place(), "q=a%C3%A7o&uf=SC&ordem=-nome&por=50&pagina=3");
        assert_eq!(ListState::query_of("uf=SC&pagina=3&x=&q=a\r\nb%20c"), "uf=SC&q=a%0D%0Ab+c");
        assert_eq!(ListState::read("/empresas", "pagina=2", &["nome"], Sort::up("nome")).query(), "");
    }

    fn many(query: &str) -> ListState {
        ListState::read_many("/empresas", query, &["nome", "uf", "cidade", "porte"], Sort::up("nome"))
    }

    #[test]
    fn columns_sort_one_after_the_other() {
        let list = many("ordem=uf,-nome&q=a%2Cb");
        assert_eq!(list.link(), "/empresas?q=a,b&ordem=uf,-nome");
        assert_eq!((list.aria_sort("uf"), list.aria_sort("nome"), list.aria_sort("cidade")), ("ascending", "descending", "none"));
        assert_eq!((list.sort_place("nome"), list.sort_place("cidade")), (Some(2), None));
        assert_eq!(many("ordem=uf").sort_place("uf"), None, "alone it needs no number");
        assert_eq!(many("ordem=uf&ordem=-nome").link(), "/empresas?ordem=uf,-nome", "as a form sends it");
        assert_eq!(
            many("ordem=uf,uf,drop,-nome,cidade,porte").link(),
            "/empresas?ordem=uf,-nome,cidade",
            "each once, three at most"
        );
        // Up, down, no more.
        assert_eq!(many("ordem=uf").sort_more_link("cidade"), "/empresas?ordem=uf,cidade");
        assert_eq!(many("ordem=uf,cidade").sort_more_link("cidade"), "/empresas?ordem=uf,-cidade");
        assert_eq!(many("ordem=uf,-cidade").sort_more_link("cidade"), "/empresas?ordem=uf");
        assert_eq!(many("ordem=-uf").sort_more_link("uf"), "/empresas", "nothing sorts: as it always is");
        assert_eq!(many("ordem=uf,nome,cidade").sort_more_link("porte"), "/empresas?ordem=uf,nome,porte");
        assert_eq!(many("ordem=uf,-nome").sort_link("nome"), "/empresas");
        assert_eq!(read("ordem=cidade,-nome").link(), "/empresas?ordem=cidade", "a list of one column takes the first");
        assert_eq!(read("").sort_more_link("nome"), "");
    }

    #[test]
    fn the_whole_list_has_an_address_where_the_plain_one_opens_less() {
        let list = many("uf=SC&tudo=sim").narrower(true);
        assert_eq!(list.without_all("uf"), "/empresas?tudo=sim");
        assert_eq!((list.cleared(), list.whole()), ("/empresas?tudo=sim".to_owned(), "/empresas?tudo=sim".to_owned()));
        assert_eq!((list.query(), many("tudo=sim").is_filtered()), ("uf=SC".to_owned(), false));
        assert_eq!(list.link_at("/empresas.csv"), "/empresas.csv?uf=SC");
        assert!(list.hidden("q uf").contains(&("tudo".to_owned(), "sim".to_owned())));
        assert_eq!(ListState::query_of("tudo=sim&uf=SC"), "uf=SC");
    }

    #[test]
    fn a_plain_list_has_a_plain_address() {
        assert_eq!(read("").link(), "/empresas");
        assert_eq!(read("q=&pagina=1&por=25&ordem=nome").link(), "/empresas");
    }

    #[test]
    fn nonsense_opens_the_list_all_the_same() {
        let list = read("pagina=0&por=37&ordem=drop+table&pagina=x");
        assert_eq!((list.page, list.sort), (PageRequest::default(), Sort::up("nome")));
    }

    #[test]
    fn links_change_one_thing() {
        let list = read("q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&pagina=3&por=50");
        assert_eq!(list.page_link(4_u32), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&por=50&pagina=4");
        assert_eq!(list.without("uf", "SC"), "/empresas?q=a%C3%A7o&uf=RS&ordem=-cidade&por=50");
        assert_eq!(list.sort_link("cidade"), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=cidade&por=50");
        assert_eq!(list.size_link(PageSize::P25), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&pagina=5");
        assert_eq!(list.link_at("/empresas.xlsx"), "/empresas.xlsx?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&por=50");
        assert_eq!(list.hidden("q uf"), [("ordem".to_owned(), "-cidade".to_owned()), ("por".to_owned(), "50".to_owned())]);
        assert_eq!((list.aria_sort("cidade"), list.aria_sort("nome")), ("descending", "none"));
    }

    #[test]
    fn a_chip_names_its_values_and_removes_them_all() {
        let chip = read("uf=SC&uf=RS&q=x").chip("uf", "UF", str::to_owned).unwrap();
        assert_eq!((chip.value.as_str(), chip.remove.as_str()), ("SC, RS", "/empresas?q=x"));
        assert_eq!(read("q=x").chip("uf", "UF", str::to_owned), None);
    }

    #[test]
    fn a_filter_s_chip_stays_short() {
        let options: Vec<_> = ["PR", "RS", "SC", "SP"].map(|uf| Choice::new(uf, uf)).into();
        for (query, text) in
            [("", ""), ("uf=SC", "SC"), ("uf=SC&uf=PR&uf=XX", "PR, SC"), ("uf=SC&uf=PR&uf=RS&uf=SP", "PR, RS +2")]
        {
            assert_eq!(read(query).chosen("uf", &options), text);
        }
    }

    #[test]
    fn the_pager_offers_the_ends_and_the_neighbours() {
        let pager = |number, total| Pager::new(PageRequest { number, size: PageSize::P25 }, total);
        assert_eq!(pager(1, 6912).pages, [Some(1), Some(2), None, Some(277)]);
        assert_eq!(pager(3, 6912).pages, [Some(1), Some(2), Some(3), Some(4), None, Some(277)]);
        assert_eq!(pager(9, 6912).pages, [Some(1), None, Some(8), Some(9), Some(10), None, Some(277)]);
        assert_eq!(pager(1, 0).pages, [Some(1)]);
        assert_eq!((pager(1, 0).from, pager(1, 0).to), (0, 0));
        assert_eq!((pager(277, 6912).from, pager(277, 6912).to), (6901, 6912));
        assert_eq!(pager(900, 30).pages, [Some(1), Some(2)]);
        assert_eq!(pager(u32::MAX, 30).last, 2);
    }

    proptest! {
        #[test]
        fn a_link_followed_is_the_state_it_came_from(
            q in "\\PC{0,12}", uf in proptest::collection::vec("[A-Z&=%+ ]{1,3}", 0..3), page in 1u32..9000, size in 0usize..3, down: bool,
        ) {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("q", &q).extend_pairs(uf.iter().map(|uf| ("uf", uf)));
            query.append_pair("por", &PageSize::ALL[size].rows().to_string()).append_pair("pagina", &page.to_string());
            query.append_pair("ordem", if down { "-cidade" } else { "cidade" });
            let list = read(&query.finish());
            prop_assert_eq!(&follow(&list.link()), &list);
            prop_assert_eq!(follow(&list.page_link(page + 1)).filters, list.filters.clone());
            prop_assert_eq!(follow(&list.sort_link("nome")).page.number, 1);
            for value in list.all("uf") {
                let fewer = follow(&list.without("uf", value));
                prop_assert!(!fewer.has("uf", value));
                prop_assert_eq!(fewer.filters.len() + 1, list.filters.len());
                prop_assert_eq!(&follow(&fewer.with("uf", value)).has("uf", value), &true);
            }
        }

        #[test]
        fn every_page_of_the_pager_exists(number in 1u32..500, total in 0i64..9000) {
            let pager = Pager::new(PageRequest { number, size: PageSize::P25 }, total);
            let numbers: Vec<_> = pager.pages.iter().flatten().copied().collect();
            prop_assert!(numbers.is_sorted() && numbers.iter().all(|n| (1..=pager.last).contains(n)));
            prop_assert!(numbers.contains(&1) && numbers.contains(&pager.last));
        }
    }
}
