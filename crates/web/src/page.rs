use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use kernel::Fault;

use crate::{Error, cookies, frame::Tone};

/// An askama page as an answer. A template that fails is a fault, never half a page.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => html_response(html),
            Err(error) => Error::from(Fault::new("rendering a page", error)).into_response(),
        }
    }
}

pub(crate) fn html_response(html: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
}

/// After a successful POST: to another page (303), with a message shown there. `toast` is a key `toast-…`.
#[must_use]
pub fn redirect(to: &str, toast: Option<(Tone, &'static str)>) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some((tone, key)) = toast {
        response.headers_mut().append(header::SET_COOKIE, cookies::set_toast(tone, key));
    }
    response
}

/// A path of this host to come back to; anything else (another host, `//evil`, a scheme, control characters) is `None`.
#[must_use]
pub fn local_path(text: &str) -> Option<&str> {
    let mut bytes = text.bytes();
    let local = bytes.next() == Some(b'/')
        && !matches!(text.as_bytes().get(1), Some(b'/' | b'\\'))
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (local && text.len() <= 2048).then_some(text)
}

/// `path`, telling it where to go on to afterwards.
#[must_use]
pub fn coming_back(path: &str, to: &str) -> String {
    let to = percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC);
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}voltar={to}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_value() {
        assert_eq!(coming_back("/entrar", "/a?b=c&d"), "/entrar?voltar=%2Fa%3Fb%3Dc%26d");
        assert_eq!(coming_back("/entrar?via=email", "/"), "/entrar?via=email&voltar=%2F");
    }

    #[test]
    fn only_paths_of_this_host_are_followed() {
        for good in ["/", "/empresas?q=a%20b", "/a//b"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nX: y",
            "empresas",
            "/ a",
            "/\u{e9}",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }
}
