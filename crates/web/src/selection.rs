//! What somebody picked in a list: some of the rows of a page, or all rows of the list as it is filtered.
//!
//! The boxes and the bar of `templates/pecas/list.html` send it, without script too. All rows are sent as the list's query and
//! never as ids, beside the number that the person saw: what acts on them asks again when the number is another.

use std::str::FromStr;

use url::form_urlencoded;

/// A row that is picked; sent once for each.
const ID: &str = "id";
/// Sent when all rows of the list are meant.
const ALL: &str = "tudo";
/// Query of the list.
const QUERY: &str = "consulta";
/// How many rows the list had.
const TOTAL: &str = "total";
/// How many rows a page that asks back has named.
const SEEN: &str = "visto";

/// A selection as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Query string of the list, without the question mark.
    pub query: String,
    /// Whether every row of the list is meant.
    pub all: bool,
    ids: Vec<String>,
    total: Option<i64>,
    seen: Option<i64>,
}

impl Selection {
    /// Reads it out of a query string or the body of a form.
    #[must_use]
    pub fn read(sent: &[u8]) -> Self {
        let mut selection = Self::default();
        for (name, value) in form_urlencoded::parse(sent) {
            match &*name {
                ID => selection.ids.push(value.into_owned()),
                ALL => selection.all = true,
                QUERY => selection.query = value.into_owned(),
                TOTAL => selection.total = value.parse().ok(),
                SEEN => selection.seen = value.parse().ok(),
                _ => {}
            }
        }
        selection
    }

    /// Whether the request speaks of a selection at all, be it an empty one.
    #[must_use]
    pub fn is_meant(sent: &[u8]) -> bool {
        form_urlencoded::parse(sent).any(|(name, _)| matches!(&*name, ID | ALL | QUERY))
    }

    /// The picked rows, each once; what is no id picks nothing.
    #[must_use]
    pub fn ids<T: FromStr + Ord>(&self) -> Vec<T> {
        let mut ids: Vec<T> = self.ids.iter().filter_map(|id| id.trim().parse().ok()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// How many rows the person believes to have picked.
    #[must_use]
    pub fn expected(&self) -> Option<i64> {
        let picked = || if self.all { self.total } else { i64::try_from(self.ids.len()).ok() };
        self.seen.or_else(picked)
    }

    /// What a page that asks back about `count` rows carries along in hidden fields.
    #[must_use]
    pub fn fields(&self, count: i64) -> Vec<(&'static str, String)> {
        let mut fields = vec![(QUERY, self.query.clone()), (SEEN, count.to_string())];
        if self.all {
            fields.push((ALL, "sim".to_owned()));
        } else {
            fields.extend(self.ids.iter().map(|id| (ID, id.clone())));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_once_each_and_nonsense_picks_nothing() {
        let selection = Selection::read(b"consulta=uf%3DSC%26pagina%3D2&total=60&id=7&id=x&id=3&id=7&id=");
        assert_eq!((selection.query.as_str(), selection.all), ("uf=SC&pagina=2", false));
        assert_eq!(selection.ids::<u32>(), [3, 7]);
        assert_eq!(Selection::read(b"").ids::<u32>(), [0; 0]);
    }

    #[test]
    fn all_rows_are_the_list_s_and_no_ids() {
        let selection = Selection::read(b"consulta=uf%3DSC&total=60&tudo=sim&id=7");
        assert!(selection.all);
        assert_eq!(selection.expected(), Some(60));
        assert_eq!(
            selection.fields(61),
            [("consulta", "uf=SC".to_owned()), ("visto", "61".to_owned()), ("tudo", "sim".to_owned())]
        );
    }

    #[test]
    fn what_is_asked_back_is_what_was_named_last() {
        let selection = Selection::read(b"consulta=&total=60&id=7&id=8");
        assert_eq!(selection.expected(), Some(2));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(selection.fields(1)).finish();
        let back = Selection::read(body.as_bytes());
        assert_eq!((back.expected(), back.ids::<u32>()), (Some(1), vec![7, 8]));
        assert!(Selection::is_meant(body.as_bytes()) && !Selection::is_meant(b"uf=SC&q=id"));
    }
}
