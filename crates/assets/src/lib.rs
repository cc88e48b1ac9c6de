//! The built front end (`assets/dist`), embedded in the binary: style sheet, script and its lazy chunks, icon sprite, font.
//!
//! Every file's name holds the hash of its content, so each may be cached for ever.

/// A file as it is served.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub bytes: &'static [u8],
    /// The same, compressed; `None` where that would be larger (fonts).
    pub br: Option<&'static [u8]>,
    /// Value of `Content-Type`.
    pub mime: &'static str,
}

impl Asset {
    /// Value of `Cache-Control`.
    pub const CACHE: &'static str = "public, max-age=31536000, immutable";
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The file behind `/assets/<name>`; `None` for a name that was never built (or was built by another version).
#[must_use]
pub fn get(name: &str) -> Option<Asset> {
    FILES.binary_search_by_key(&name, |(known, _)| known).ok().map(|at| FILES[at].1)
}

/// Every file by the name it is served under.
pub fn all() -> impl Iterator<Item = (&'static str, Asset)> {
    FILES.iter().copied()
}

/// The address of a file by its plain name: `app.css` → `/assets/app-1f2e3d4c5b.css`.
///
/// A name that is not built is a typing mistake in a template; a test renders them all.
#[must_use]
pub fn url(name: &str) -> &'static str {
    let found = URLS.iter().find(|(known, _)| *known == name);
    debug_assert!(found.is_some(), "assets/build.mjs builds no {name:?}");
    found.map_or("/assets/missing", |(_, url)| url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_to_its_file() {
        for name in ["app.css", "app.js", "icons.svg", "inter.woff2", "favicon.svg"] {
            let file = url(name).strip_prefix("/assets/").unwrap();
            let asset = get(file).unwrap_or_else(|| panic!("{name} is listed as {file} and not there"));
            assert!(!asset.bytes.is_empty());
            assert!(asset.br.is_none_or(|br| br.len() < asset.bytes.len()), "{name}");
        }
        assert!(get("app.css").is_none() && get("../Cargo.toml").is_none() && get("manifest.json").is_none());
    }

    #[test]
    fn the_style_sheet_names_only_files_that_exist() {
        let css = String::from_utf8_lossy(get(url("app.css").trim_start_matches("/assets/")).unwrap().bytes);
        let mut seen = 0;
        for part in css.split("url(").skip(1) {
            let target = part.split(')').next().unwrap().trim_matches('"');
            if !target.starts_with("data:") {
                assert!(get(target).is_some(), "{target}");
                seen += 1;
            }
        }
        assert!(seen > 0, "the font at least");
    }
}
