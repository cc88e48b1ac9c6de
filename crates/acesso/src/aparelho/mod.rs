//! O aparelho: a browser from which somebody entered. It carries a secret of its own, so that failures of strangers elsewhere
//! do not keep its person out, and so that it can be spared the second factor for a while.
//!
//! One browser may be several people's: its cookie holds the secrets of the last few.

mod sql;

use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Entity, Fault, Id, RequestMeta};
use tenancy::TenantTx;
use web::cookies;

pub(crate) use sql::{distrust, forget, forget_all};

use crate::{segredo::Segredo, usuario::UsuarioId};

#[derive(Debug)]
pub enum AparelhoEntity {}
impl Entity for AparelhoEntity {
    const NAME: &'static str = "aparelho";
}
pub type AparelhoId = Id<AparelhoEntity>;

/// Unused for so long, it is a stranger again.
const KEPT: TimeDelta = TimeDelta::days(180);
/// People of one browser.
const SECRETS: usize = 5;

/// What a browser says of itself.
#[derive(Debug, Clone, Default)]
pub struct Aparelhos(Vec<Segredo>);

impl Aparelhos {
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let cookie = cookies::get(headers, cookies::APARELHO_COOKIE).unwrap_or_default();
        Self(cookie.split('.').take(SECRETS).filter_map(|text| text.parse().ok()).collect())
    }

    fn hashes(&self) -> Vec<Vec<u8>> {
        self.0.iter().map(|secret| secret.hash().to_vec()).collect()
    }

    /// With one more; the oldest makes room.
    fn with(&self, new: &Segredo) -> Self {
        let kept = self.0.len().min(SECRETS - 1);
        let mut all = self.0[self.0.len() - kept..].to_vec();
        all.push(new.clone());
        Self(all)
    }

    fn text(&self) -> String {
        self.0.iter().map(Segredo::reveal).collect::<Vec<_>>().join(".")
    }
}

/// A browser after somebody entered from it.
pub(crate) struct Noted {
    /// What the browser is to keep, when that is new.
    pub cookie: Option<HeaderValue>,
    /// Not the person's first, and unlike all that they had.
    pub is_news: bool,
}

/// The aparelho by which the browser is known to the account of `email`.
pub(crate) async fn known(tx: &mut TenantTx, email: &str, aparelhos: &Aparelhos) -> Result<Option<AparelhoId>, Fault> {
    sql::known(tx, email, &aparelhos.hashes()).await
}

/// Whether the browser need not prove the second factor of `usuario` now. A rule that became stricter counts at once: nobody is
/// trusted for longer than its `days` from now.
pub(crate) async fn is_trusted(tx: &mut TenantTx, usuario: UsuarioId, aparelhos: &Aparelhos, days: i32) -> Result<bool, Fault> {
    let most = tx.clock().now() + TimeDelta::days(days.into());
    sql::is_trusted(tx, usuario, &aparelhos.hashes(), most).await
}

/// Notes that `usuario` entered from the browser.
pub(crate) async fn note(
    tx: &mut TenantTx,
    usuario: UsuarioId,
    meta: &RequestMeta,
    aparelhos: &Aparelhos,
    trusted_until: Option<DateTime<Utc>>,
) -> Result<Noted, Fault> {
    let expires_at = tx.clock().now() + KEPT;
    if sql::touch(tx, usuario, &aparelhos.hashes(), meta, expires_at, trusted_until).await? {
        return Ok(Noted { cookie: None, is_news: false });
    }
    let secret = Segredo::draw();
    let is_news = sql::is_news(tx, usuario, meta).await?;
    sql::insert(tx, usuario, secret.hash(), meta, expires_at, trusted_until).await?;
    Ok(Noted { cookie: Some(cookies::aparelho(&aparelhos.with(&secret).text())), is_news })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(cookie: &str) -> Aparelhos {
        let mut headers = HeaderMap::new();
        headers.insert(axum::http::header::COOKIE, HeaderValue::from_str(&format!("__Host-aparelho={cookie}")).unwrap());
        Aparelhos::of(&headers)
    }

    #[test]
    fn a_browser_keeps_the_secrets_of_its_last_people() {
        let mut browser = Aparelhos::default();
        let people: Vec<Segredo> = (0..7).map(|_| Segredo::draw()).collect();
        for person in &people {
            browser = from(&browser.with(person).text());
        }
        assert_eq!(browser.0, people[2..]);
        assert!(from("x.y.<script>").0.is_empty());
        assert_eq!(from(&vec![people[0].reveal(); 900].join(".")).0.len(), SECRETS, "a long cookie is no long work");
    }
}
