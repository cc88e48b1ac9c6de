//! Which site a request is for. The only input is the request's authority, by a closed grammar; no forwarded header is
//! read here.

use std::{str::FromStr, sync::Arc};

use axum::http::{HeaderMap, Uri, Version, header, uri::Authority};
use kernel::{Fault, Invalid};
use tenancy::{Slug, Unidade};

use crate::App;

/// What a host stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    Unidade(Arc<Unidade>),
    /// The platform admins' own host.
    Console,
    /// Bare host for programs: the bearer token names the unidade.
    Api,
}

#[derive(Debug, PartialEq, Eq)]
pub enum HostError {
    /// No authority, two of them, or one that contradicts the other: 400.
    Malformed,
    /// Nobody lives there: 421, without a hint.
    Unknown,
}

/// The one authority of a request, lower case, without port and without one final dot.
///
/// # Errors
/// [`HostError::Malformed`] when it is missing, doubled, contradictory or not plain ASCII.
pub fn authority(version: Version, uri: &Uri, headers: &HeaderMap) -> Result<String, HostError> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().map(|h| h.to_str().map_err(|_| HostError::Malformed)).transpose()?;
    if hosts.next().is_some() {
        return Err(HostError::Malformed);
    }
    let target = uri.authority().map(Authority::as_str);
    let chosen = match (target, host) {
        (Some(target), Some(host)) if !target.eq_ignore_ascii_case(host) => return Err(HostError::Malformed),
        (Some(target), _) => target,
        // HTTP/1.0 may come without; there is nothing to decide by then.
        (None, Some(host)) if version >= Version::HTTP_10 => host,
        (None, _) => return Err(HostError::Malformed),
    };
    fold(chosen).ok_or(HostError::Malformed)
}

fn fold(authority: &str) -> Option<String> {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) => host,
        Some(_) => return None,
        None => authority,
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let sane = (1..=253).contains(&host.len()) && host.bytes().all(plain) && host.split('.').all(|label| !label.is_empty());
    sane.then_some(host)
}

/// What a label of the base host names.
#[derive(Debug, PartialEq, Eq)]
enum Label<'a> {
    Console,
    Api,
    Slug(&'a str),
}

fn label<'a>(host: &'a str, base: &str) -> Option<Label<'a>> {
    let label = host.strip_suffix(base)?.strip_suffix('.')?;
    match label {
        "console" => Some(Label::Console),
        "api" => Some(Label::Api),
        label if Slug::is_label(label) => Some(Label::Slug(label)),
        _ => None,
    }
}

/// A host name of somebody else's that a unidade answers at too (S1-11): lower case, no port, no final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the platform's own name or lies below it, where no unidade may be hidden by another.
    #[must_use]
    pub fn is_below(&self, base: &str) -> bool {
        self.0.strip_suffix(base).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl FromStr for Domain {
    type Err = Invalid;

    /// # Errors
    /// `domain-invalid` for anything but two or more labels of letters, digits and inner hyphens, and for addresses.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let label = |label: &str| {
            let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
        };
        let host = fold(text).filter(|host| !text.contains(':') && host.contains('.') && host.split('.').all(label));
        let host = host.filter(|host| host.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic())));
        host.map(Self).ok_or(Invalid::new("domain-invalid"))
    }
}

impl App {
    /// The site behind a folded host.
    ///
    /// # Errors
    /// `Ok(Err(Unknown))` for a host nobody lives at; a fault when the register cannot be asked.
    pub async fn site(&self, host: &str) -> Result<Result<Site, HostError>, Fault> {
        let found = match label(host, self.config.base_host()) {
            Some(Label::Console) => return Ok(Ok(Site::Console)),
            Some(Label::Api) => return Ok(Ok(Site::Api)),
            Some(Label::Slug(slug)) => self.registry.by_slug(slug).await?,
            // Everything under the base belongs to the platform: no custom domain may hide there.
            None if host == self.config.base_host() || host.ends_with(&format!(".{}", self.config.base_host())) => None,
            None => self.registry.by_domain(host).await?,
        };
        Ok(found.filter(|unidade| unidade.status.is_visible()).map(Site::Unidade).ok_or(HostError::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn of(host: &str) -> Result<String, HostError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        authority(Version::HTTP_11, &Uri::from_static("/"), &headers)
    }

    #[test]
    fn case_port_and_one_final_dot_are_folded() {
        for same in ["Alfa.SRI.example", "alfa.sri.example:8080", "alfa.sri.example.", "ALFA.sri.example.:1"] {
            assert_eq!(of(same).as_deref(), Ok("alfa.sri.example"), "{same}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "alfa..sri.example",
            "alfa.sri.example..",
            "alfa.sri.example:",
            "alfa.sri.example:x",
            "alfa.sri.example:123456",
            "alfa_sri.example",
            "a b",
            "alfa@sri.example",
            "alfa.sri.example/",
            "[::1]:80",
            "alfa.sri.example:80:80",
            "alfa,beta",
        ] {
            assert_eq!(of(bad), Err(HostError::Malformed), "{bad}");
        }
        assert!(of("álfa.sri.example").is_err());
    }

    #[test]
    fn two_hosts_or_a_contradicting_target_are_refused() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, HeaderValue::from_static("alfa.sri.example"));
        let absolute = Uri::from_static("http://beta.sri.example/x");
        assert_eq!(authority(Version::HTTP_11, &absolute, &headers), Err(HostError::Malformed));
        headers.append(header::HOST, HeaderValue::from_static("alfa.sri.example"));
        assert_eq!(authority(Version::HTTP_11, &Uri::from_static("/"), &headers), Err(HostError::Malformed));
        assert_eq!(authority(Version::HTTP_11, &Uri::from_static("/"), &HeaderMap::new()), Err(HostError::Malformed));
    }

    #[test]
    fn labels_hang_directly_under_the_base() {
        assert_eq!(label("alfa.sri.example", "sri.example"), Some(Label::Slug("alfa")));
        assert_eq!(label("console.sri.example", "sri.example"), Some(Label::Console));
        for none in [
            "sri.example",
            "a.b.sri.example",
            "alfasri.example",
            "xn--a.sri.example",
            "-a.sri.example",
            "alfa.sri.example.evil.example",
        ] {
            assert_eq!(label(none, "sri.example"), None, "{none}");
        }
    }

    #[test]
    fn a_domain_is_a_name_of_somebody_else_s() {
        let domain = |text: &str| text.parse::<Domain>();
        assert_eq!(domain("SRI.Fiesc.org.br.").unwrap().as_str(), "sri.fiesc.org.br");
        for bad in [
            "",
            "localhost",
            "sri.fiesc.org.br:80",
            "10.0.0.1",
            "a..b",
            "-a.example",
            "a_b.example",
            "https://a.example",
            "a b.example",
        ] {
            assert!(domain(bad).is_err(), "{bad}");
        }
        for below in ["sri.example", "alfa.sri.example", "a.b.sri.example"] {
            assert!(domain(below).unwrap().is_below("sri.example"), "{below}");
        }
        assert!(!domain("outrosri.example").unwrap().is_below("sri.example"));
    }

    proptest! {
        /// T-ED1: whatever comes, a slug is found only when the text is the canonical host after the allowed foldings.
        #[test]
        fn only_the_canonical_host_names_a_slug(text in "[ -~]{0,40}") {
            if let Ok(host) = of(&text)
                && let Some(Label::Slug(slug)) = label(&host, "sri.example")
            {
                let bare = text.to_ascii_lowercase();
                let bare = bare.split(':').next().unwrap();
                let bare = bare.strip_suffix('.').unwrap_or(bare);
                prop_assert_eq!(bare, format!("{slug}.sri.example"));
            }
        }
    }
}
