use std::str::FromStr;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Rows per page of a list: 25, 50 or 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageSize {
    #[default]
    P25,
    P50,
    P100,
}

impl PageSize {
    pub const ALL: [Self; 3] = [Self::P25, Self::P50, Self::P100];

    #[must_use]
    pub const fn rows(self) -> u32 {
        match self {
            Self::P25 => 25,
            Self::P50 => 50,
            Self::P100 => 100,
        }
    }
}

impl FromStr for PageSize {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|size| size.rows().to_string() == s).ok_or(())
    }
}

/// A page of a list, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    pub number: u32,
    pub size: PageSize,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { number: 1, size: PageSize::default() }
    }
}

impl PageRequest {
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::from(self.number.max(1) - 1) * i64::from(self.size.rows())
    }

    #[must_use]
    pub fn limit(self) -> i64 {
        i64::from(self.size.rows())
    }

    /// How many rows there are in all, where a page with `found` of them tells it: it is the last one.
    #[must_use]
    pub fn told(self, found: usize) -> Option<i64> {
        let found = i64::try_from(found).unwrap_or(i64::MAX);
        (found < self.limit() && (found > 0 || self.offset() == 0)).then_some(self.offset() + found)
    }

    /// Number of the last page, at least 1.
    #[must_use]
    pub fn last(self, total: i64) -> u32 {
        let rows = i64::from(self.size.rows());
        u32::try_from(((total + rows - 1) / rows).max(1)).unwrap_or(u32::MAX)
    }
}

/// Where the next page of a JSON list starts: the sort keys of the last row, opaque to the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor<K>(pub K);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor this list gave out")]
pub struct InvalidCursor;

impl<K: Serialize + DeserializeOwned> Cursor<K> {
    /// URL-safe text.
    #[must_use]
    pub fn encode(&self) -> String {
        let json = serde_json::to_vec(&self.0).unwrap_or_default();
        json.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// # Errors
    /// [`InvalidCursor`] for text that [`Cursor::encode`] did not make.
    pub fn decode(text: &str) -> Result<Self, InvalidCursor> {
        if text.len() > 4096 || !text.len().is_multiple_of(2) || !text.is_ascii() {
            return Err(InvalidCursor);
        }
        let bytes: Vec<u8> = (0..text.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&text[i..i + 2], 16))
            .collect::<Result<_, _>>()
            .map_err(|_| InvalidCursor)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| InvalidCursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_the_rows() {
        let page = PageRequest { number: 3, size: PageSize::P50 };
        assert_eq!((page.offset(), page.limit(), page.last(101), page.last(0)), (100, 50, 3, 1));
    }

    #[test]
    fn only_the_last_page_tells_how_many_there_are() {
        let page = |number| PageRequest { number, size: PageSize::P25 };
        assert_eq!((page(1).told(0), page(1).told(24), page(1).told(25)), (Some(0), Some(24), None));
        assert_eq!((page(3).told(0), page(3).told(1), page(3).told(25)), (None, Some(51), None));
    }

    #[test]
    fn a_cursor_comes_back_or_is_refused() {
        let cursor = Cursor(("Metalúrgica".to_owned(), 7_i64));
        assert_eq!(Cursor::decode(&cursor.encode()), Ok(cursor));
        for wrong in ["", "zz", "7b7", "çç", "00"] {
            assert_eq!(Cursor::<(String, i64)>::decode(wrong), Err(InvalidCursor), "{wrong}");
        }
    }
}
