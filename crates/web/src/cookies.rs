//! The few cookies there are. The session's is `__Host-`, so that no sibling subdomain can plant one.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use chrono::TimeDelta;
use kernel::Lang;

use crate::frame::{Toast, Tone};

/// Session of a person in a unidade; the value is random and stored only as a hash.
pub const SESSION_COOKIE: &str = "__Host-sessao";
/// Somebody between the first factor and the second; it opens nothing but the question for the second.
pub const PASSO_COOKIE: &str = "__Host-passo";
/// Somebody who waits for a code on their telephone; it opens nothing but the question for the code.
pub const TELEFONE_COOKIE: &str = "__Host-telefone";
/// Somebody on their way to a provedor and back; it opens nothing but what that way was begun for.
pub const PROVEDOR_COOKIE: &str = "__Host-provedor";
/// Secrets by which a browser is known to the accounts that were entered from it.
pub const APARELHO_COOKIE: &str = "__Host-aparelho";
/// A browser that was sent to another unidade to say who comes from there.
pub const PASSAGEM_COOKIE: &str = "__Host-passagem";
/// Between a question to a passkey and its answer.
pub const DESAFIO_COOKIE: &str = "__Host-desafio";
/// A message for the next page: `tone:key`, text only from the catalogue, so that planting one says nothing new.
const TOAST_COOKIE: &str = "__Host-aviso";

/// Value of the one cookie of that name; a name sent twice counts as absent, since one of them is not ours.
#[must_use]
pub fn get(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned());
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// `Set-Cookie` of a session. The browser forgets it when it is closed, or after `kept`; the row says when it is over.
#[must_use]
pub fn session(value: &str, kept: Option<TimeDelta>) -> HeaderValue {
    let age = kept.map(|kept| format!("; Max-Age={}", kept.num_seconds())).unwrap_or_default();
    set(&format!("{SESSION_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"))
}

#[must_use]
pub fn no_session() -> HeaderValue {
    set(&format!("{SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// `Set-Cookie` of a sign-in that waits for its second factor.
#[must_use]
pub fn passo(value: &str) -> HeaderValue {
    set(&format!("{PASSO_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=900"))
}

#[must_use]
pub fn no_passo() -> HeaderValue {
    set(&format!("{PASSO_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"))
}

/// `Set-Cookie` of a sign-in that waits for a code on the telephone.
#[must_use]
pub fn telefone(value: &str) -> HeaderValue {
    set(&format!("{TELEFONE_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=600"))
}

#[must_use]
pub fn no_telefone() -> HeaderValue {
    set(&format!("{TELEFONE_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"))
}

/// `Set-Cookie` of a way to a provedor and back. Lax: the provedor sends the browser back.
#[must_use]
pub fn provedor(value: &str) -> HeaderValue {
    set(&format!("{PROVEDOR_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"))
}

#[must_use]
pub fn no_provedor() -> HeaderValue {
    set(&format!("{PROVEDOR_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// `Set-Cookie` of a question to a passkey.
#[must_use]
pub fn desafio(value: &str) -> HeaderValue {
    set(&format!("{DESAFIO_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=300"))
}

/// `Set-Cookie` of a browser that was sent to another unidade; Lax, because it comes back from another host.
#[must_use]
pub fn passagem(value: &str) -> HeaderValue {
    set(&format!("{PASSAGEM_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=900"))
}

#[must_use]
pub fn no_passagem() -> HeaderValue {
    set(&format!("{PASSAGEM_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// `Set-Cookie` by which the browser is known again; for half a year after its last use.
#[must_use]
pub fn aparelho(value: &str) -> HeaderValue {
    set(&format!("{APARELHO_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=15552000"))
}

/// `Set-Cookie` of the language of this browser.
#[must_use]
pub fn idioma(lang: Lang) -> HeaderValue {
    preference("idioma", lang.tag())
}

/// A cookie without any secret, holding one of a few known words.
pub(crate) fn preference(name: &str, word: &'static str) -> HeaderValue {
    set(&format!("{name}={word}; Path=/; SameSite=Lax; Max-Age=31536000"))
}

/// `Set-Cookie` of a message for the next page.
#[must_use]
pub fn set_toast(tone: Tone, key: &'static str) -> HeaderValue {
    set(&format!("{TOAST_COOKIE}={}:{key}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60", tone.class()))
}

/// The message that the page before left, in the reader's language.
#[must_use]
pub fn toast(headers: &HeaderMap, lang: Lang) -> Option<Toast> {
    let value = get(headers, TOAST_COOKIE)?;
    let (tone, key) = value.split_once(':')?;
    let tone = [Tone::Success, Tone::Info, Tone::Warning, Tone::Danger].into_iter().find(|t| t.class() == tone)?;
    let key = key.strip_prefix("toast-")?;
    let text = idioma::find(lang, &format!("toast-{key}"))?.to_owned();
    Some(Toast { tone, text, undo: None })
}

/// Takes the message away once a page has shown it.
pub fn clear_toast(response: &mut Response) {
    // A redirect keeps the message for the page behind it; a page that sets a new one replaces it.
    if response.status().is_redirection() {
        return;
    }
    response
        .headers_mut()
        .append(header::SET_COOKIE, set(&format!("{TOAST_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")));
}

/// Whether the request says where it comes from; the CSRF layer has already refused the ones that say elsewhere.
#[must_use]
pub fn same_origin_proved(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN)
}

fn set(text: &str) -> HeaderValue {
    // Values are hexadecimal, base64url or catalogue keys.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_sent_twice_counts_as_absent() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; __Host-sessao=x"));
        assert_eq!(get(&headers, SESSION_COOKIE).as_deref(), Some("x"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-sessao=planted"));
        assert_eq!(get(&headers, SESSION_COOKIE), None);
    }

    #[test]
    fn the_session_cookie_is_locked_to_its_host() {
        let cookie = session("v", None);
        let cookie = cookie.to_str().unwrap();
        for part in ["__Host-", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(part), "{part}");
        }
        assert!(!cookie.contains("Domain"));
    }
}
