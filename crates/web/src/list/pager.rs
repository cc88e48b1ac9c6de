use kernel::PageRequest;

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
