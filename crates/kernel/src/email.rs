use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// An ASCII e-mail address in its one canonical form: trimmed, lower case, at most 254 characters.
///
/// Unicode addresses are refused: look-alikes must never become a second way into an account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = Invalid;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let address = s.trim().to_ascii_lowercase();
        let invalid = Invalid::new("email-invalid");
        if address.len() > 254 {
            return Err(invalid);
        }
        let (local, domain) = address.split_once('@').ok_or_else(|| invalid.clone())?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.bytes().all(|c| c.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&c));
        let domain_ok = domain.contains('.') && domain.split('.').all(is_dns_label);
        if local_ok && domain_ok { Ok(Self(address)) } else { Err(invalid) }
    }
}

fn is_dns_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}
impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}
impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Email {
    /// Logs may say that there is an address, not which.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("e-mail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_canonical_form() {
        assert_eq!(" Ana.Lima@SENAI.example ".parse::<Email>().unwrap().as_str(), "ana.lima@senai.example");
    }

    #[test]
    fn tricks_are_refused() {
        for wrong in [
            "",
            "ana",
            "ana@",
            "@senai.example",
            "ana@senai",
            "a@b@c.example",
            "ana@sênai.example",
            "аna@senai.example",
            "ana@senai.example\r\nBcc: x@y.example",
            "ana,x@senai.example",
            "ana@-senai.example",
            "a..b@c.example",
            "ana @senai.example",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong:?}");
        }
    }
}
