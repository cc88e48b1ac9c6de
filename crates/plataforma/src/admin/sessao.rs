use acesso::Segredo;
use axum::http::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, ActorKind, Fault, Grants, RequestMeta};
use tenancy::PlatformTx;
use uuid::Uuid;

pub(super) use super::sql::end_sessao as end;
use super::{AdminId, sql};

/// The console's own cookie; SameSite=Strict, because nothing outside may lead into it.
pub(crate) const CONSOLE_COOKIE: &str = "__Host-console";

/// Without use for so long, a session is over (D-2).
const IDLE: TimeDelta = TimeDelta::minutes(30);
const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// From the password to the second factor.
const HALF_OPEN: TimeDelta = TimeDelta::minutes(5);
/// Last use is noted at most this often.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// A session of an admin, not over.
#[derive(Debug, Clone)]
pub struct Sessao {
    pub id: Uuid,
    pub admin_id: AdminId,
    pub nome: String,
    pub email: String,
    /// False between the password and the second factor.
    pub complete: bool,
    pub last_used_at: DateTime<Utc>,
}

impl Sessao {
    /// Everything on the console; nothing in any unidade.
    #[must_use]
    pub fn actor(&self, meta: RequestMeta) -> Actor {
        Actor {
            kind: ActorKind::Plataforma,
            id: Some(self.admin_id.uuid()),
            nome: self.nome.clone(),
            grants: Grants::everything(),
            meta,
        }
    }
}

pub(crate) fn set_cookie(segredo: &Segredo) -> HeaderValue {
    let text = format!("{CONSOLE_COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict", segredo.reveal());
    // Base64url and constants.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

pub(crate) fn no_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-console=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Opens a session; half open ones only lead to the page that asks for the second factor.
pub(super) async fn open(tx: &mut PlatformTx, admin: AdminId, complete: bool, meta: &RequestMeta) -> Result<Segredo, Fault> {
    let segredo = Segredo::draw();
    let expires_at = tx.clock().now() + if complete { ABSOLUTE } else { HALF_OPEN };
    sql::insert_sessao(tx, admin, &segredo, complete, expires_at, meta).await?;
    Ok(segredo)
}

/// The session behind a cookie; `None` when there is none, it is over, or its admin is switched off.
pub(crate) async fn find_sessao(tx: &mut PlatformTx, cookie: &str) -> Result<Option<Sessao>, Fault> {
    let Ok(segredo) = cookie.parse::<Segredo>() else { return Ok(None) };
    let used_since = tx.clock().now() - IDLE;
    sql::find_sessao(tx, &segredo, used_since).await
}

pub(crate) async fn touch(tx: &mut PlatformTx, sessao: &Sessao) -> Result<(), Fault> {
    if tx.clock().now() - sessao.last_used_at >= TOUCH {
        sql::touch_sessao(tx, sessao.id).await?;
    }
    Ok(())
}
