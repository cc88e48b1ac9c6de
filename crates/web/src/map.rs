//! Maps: where their pictures come from. The only pages that may load anything from another host are those with a map, and only
//! pictures, and only from that one host.

use axum::response::Response;
use url::Url;

/// The server of the tiles that maps are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapTiles {
    /// With `{z}`, `{x}` and `{y}`.
    pub template: String,
    origin: String,
    /// Who made the map, as they want it said, and where they say more.
    pub credit: String,
    pub credit_href: Option<String>,
}

impl MapTiles {
    /// From the configuration; `off` is no map.
    ///
    /// # Errors
    /// Why the address cannot be used.
    pub fn read(template: &str, credit: &str) -> Result<Option<Self>, String> {
        if template == "off" {
            return Ok(None);
        }
        let filled = ["{z}", "{x}", "{y}"].iter().try_fold(template.to_owned(), |text, hole| {
            if text.matches(hole).count() == 1 {
                Ok(text.replace(hole, "0"))
            } else {
                Err(format!("{hole} must stand in it once"))
            }
        })?;
        if filled.contains(['{', '}', '\'', '"', ';', ' ']) {
            return Err("{z}, {x} and {y} only, e.g. https://tile.openstreetmap.org/{z}/{x}/{y}.png".to_owned());
        }
        let url: Url = filled.parse().map_err(|error| format!("{error}: {template:?}"))?;
        let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        if !plain || url.host_str().is_none() {
            return Err("give an http or https address without a password".to_owned());
        }
        let (words, href) = match credit.rsplit_once(' ') {
            Some((words, last)) if last.starts_with("https://") || last.starts_with("http://") => (words, Some(last.to_owned())),
            _ => (credit, None),
        };
        let origin = url.origin().ascii_serialization();
        Ok(Some(Self { template: template.to_owned(), origin, credit: words.trim().to_owned(), credit_href: href }))
    }

    /// Lets the page load its pictures; see [`crate::edge()`].
    #[must_use]
    pub fn on(&self, mut page: Response) -> Response {
        page.extensions_mut().insert(ImagesFrom(self.origin.clone()));
        page
    }
}

/// The one other origin that a page may load pictures from.
#[derive(Debug, Clone)]
pub(crate) struct ImagesFrom(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_tiles_names_its_origin() {
        let tiles =
            MapTiles::read("https://tile.example:8443/a/{z}/{x}/{y}.png?k=1", "© Mapa https://tile.example/c").unwrap().unwrap();
        assert_eq!(tiles.origin, "https://tile.example:8443");
        assert_eq!((tiles.credit.as_str(), tiles.credit_href.as_deref()), ("© Mapa", Some("https://tile.example/c")));
        assert_eq!(MapTiles::read("https://t.example/{z}/{x}/{y}", "IBGE").unwrap().unwrap().credit_href, None);
        assert_eq!(MapTiles::read("off", "").unwrap(), None);
        for wrong in [
            "",
            "https://tile.example/{z}/{x}.png",
            "https://{s}.tile.example/{z}/{x}/{y}.png",
            "https://tile.example/{z}/{x}/{y}{y}.png",
            "javascript:{z}{x}{y}",
            "data:{z},{x},{y}",
            "https://u:p@tile.example/{z}/{x}/{y}.png",
            "https://tile.example/{z}/{x}/{y}.png; script-src *",
        ] {
            assert!(MapTiles::read(wrong, "").is_err(), "{wrong}");
        }
    }
}
