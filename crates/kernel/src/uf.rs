use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::Invalid;

/// One of the 27 federation units, by its two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Uf(&'static str);

impl Uf {
    /// All units in alphabetical order of their letters.
    pub const ALL: [Self; 27] = [
        Self("AC"),
        Self("AL"),
        Self("AM"),
        Self("AP"),
        Self("BA"),
        Self("CE"),
        Self("DF"),
        Self("ES"),
        Self("GO"),
        Self("MA"),
        Self("MG"),
        Self("MS"),
        Self("MT"),
        Self("PA"),
        Self("PB"),
        Self("PE"),
        Self("PI"),
        Self("PR"),
        Self("RJ"),
        Self("RN"),
        Self("RO"),
        Self("RR"),
        Self("RS"),
        Self("SC"),
        Self("SE"),
        Self("SP"),
        Self("TO"),
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for Uf {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let typed = s.trim();
        Self::ALL.into_iter().find(|uf| uf.0.eq_ignore_ascii_case(typed)).ok_or_else(|| Invalid::new("uf-invalid"))
    }
}

// By hand: the derived one would take the text inside for a borrowed one and only read what lives for ever.
impl<'de> Deserialize<'de> for Uf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl TryFrom<String> for Uf {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Uf> for String {
    fn from(uf: Uf) -> Self {
        uf.0.to_owned()
    }
}
impl fmt::Display for Uf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_27() {
        assert_eq!("sc".parse::<Uf>().unwrap().as_str(), "SC");
        for wrong in ["", "XX", "S", "SCC", "S C"] {
            assert!(wrong.parse::<Uf>().is_err(), "{wrong}");
        }
    }
}
