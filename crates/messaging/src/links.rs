use tenancy::Unidade;
use url::Url;
use uuid::Uuid;

/// An absolute address of this product; made only by [`Links`], so that no request decides where a mail leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The configured address under which unidades and console are reached.
#[derive(Debug, Clone)]
pub struct Links {
    base: Url,
    console: Box<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinksError {
    #[error("the base URL is scheme, host and port alone, such as https://sri.example")]
    Base,
}

impl Links {
    /// `base` is the address whose subdomains are the unidades, e.g. `https://sri.example`; `console` is the label of the
    /// console's host.
    ///
    /// # Errors
    /// When `base` is no bare http or https address with a host name.
    pub fn new(base: &str, console: &str) -> Result<Self, LinksError> {
        let base = Url::parse(base).map_err(|_| LinksError::Base)?;
        let bare = base.path() == "/" && base.query().is_none() && base.fragment().is_none() && base.username().is_empty();
        if !bare || !matches!(base.scheme(), "http" | "https") || base.domain().is_none() {
            return Err(LinksError::Base);
        }
        Ok(Self { base, console: console.into() })
    }

    /// `path` on the host of `unidade`, its own domain when it has one; `path` may carry a query and begins with `/`.
    #[must_use]
    pub fn unidade(&self, unidade: &Unidade, path: &str) -> Link {
        match &unidade.custom_domain {
            Some(domain) => self.at(domain, path),
            None => self.below(unidade.slug.as_str(), path),
        }
    }

    /// By what calendars know a record of `unidade`, of `layer` of its agenda.
    #[must_use]
    pub fn uid(&self, unidade: &Unidade, layer: &str, id: Uuid) -> String {
        let house = self.unidade(unidade, "/");
        let house = house.as_str().split("//").nth(1).unwrap_or_default().trim_end_matches('/');
        format!("{layer}-{id}@{house}")
    }

    #[must_use]
    pub fn console(&self, path: &str) -> Link {
        self.below(&self.console, path)
    }

    fn below(&self, label: &str, path: &str) -> Link {
        self.at(&format!("{label}.{}", self.base.domain().unwrap_or_default()), path)
    }

    fn at(&self, host: &str, path: &str) -> Link {
        let port = self.base.port().map(|port| format!(":{port}")).unwrap_or_default();
        let slash = if path.starts_with('/') { "" } else { "/" };
        Link(format!("{}://{host}{port}{slash}{path}", self.base.scheme()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_come_from_the_configured_address() {
        let links = Links::new("http://localhost:8080", "console").unwrap();
        assert_eq!(links.below("alfa", "/convite?t=1").as_str(), "http://alfa.localhost:8080/convite?t=1");
        assert_eq!(links.console("/").as_str(), "http://console.localhost:8080/");
        let links = Links::new("https://sri.example", "console").unwrap();
        assert_eq!(links.at("senai.example", "x").as_str(), "https://senai.example/x");
        assert_eq!(links.at("a.example", "//evil.example").as_str(), "https://a.example//evil.example");
    }

    #[test]
    fn an_address_with_more_in_it_is_refused() {
        for wrong in [
            "",
            "sri.example",
            "ftp://sri.example",
            "https://sri.example/x",
            "https://a@sri.example",
            "https://127.0.0.1",
            "https://sri.example?x",
        ] {
            assert!(Links::new(wrong, "console").is_err(), "{wrong}");
        }
    }
}
