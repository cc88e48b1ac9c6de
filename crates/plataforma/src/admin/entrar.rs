//! Signing in: the password opens half a session, the second factor the whole one, with a new secret.

use acesso::{HashingPlace, Segredo, Senha};
use kernel::{Actor, Email, ErrorKind, Fault, Kind, RequestMeta};
use serde_json::json;
use tenancy::{Platform, PlatformTx};

use super::{
    Sessao, sessao, sql,
    tentativa::{self, Verdict},
    totp,
};

#[derive(Debug, thiserror::Error)]
pub(super) enum EntrarError {
    /// Unknown e-mail, wrong password, too many tries: one answer for all.
    #[error("the e-mail or the password is wrong, or there were too many attempts")]
    Refused,
    #[error("the code is wrong, was used or is too old")]
    WrongCode,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for EntrarError {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused | Self::WrongCode => Kind::Invalid,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "sign-in",
            Self::WrongCode => "wrong-code",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// First factor. The answer and its time are the same for known and unknown addresses.
pub(super) async fn senha(platform: &Platform, meta: &RequestMeta, email: &str, senha: Senha) -> Result<Segredo, EntrarError> {
    let keys = tentativa::keys(email, meta.ip);
    let typed = email.parse::<Email>().map(String::from).unwrap_or_default();
    let (verdict, admin) = platform
        .write(async |tx: &mut PlatformTx| {
            let verdict = tentativa::count(tx, &keys).await?;
            // Once per window: a flood must not fill the trail.
            if verdict == (Verdict::Spent { first: true }) {
                refused(tx, meta, true).await?;
            }
            Ok::<_, EntrarError>((verdict, sql::find_senha(tx, &typed).await?))
        })
        .await?;
    // The limits know nothing of accounts, so refusing at once tells nothing of them, and costs nobody a hash.
    if verdict != Verdict::Allowed {
        return Err(EntrarError::Refused);
    }
    let right = HashingPlace::take_for_console()?.verify(senha, admin.as_ref().map(|(_, phc)| phc.clone())).await?;
    match admin {
        Some((id, _)) if right => {
            platform
                .write(async |tx: &mut PlatformTx| {
                    tentativa::forgive(tx, &keys).await?;
                    Ok(sessao::open(tx, id, false, meta).await?)
                })
                .await
        }
        _ => {
            platform.write(async |tx: &mut PlatformTx| refused(tx, meta, false).await).await?;
            Err(EntrarError::Refused)
        }
    }
}

async fn refused(tx: &mut PlatformTx, meta: &RequestMeta, blocked: bool) -> Result<(), EntrarError> {
    let actor = Actor::anonimo(meta.clone());
    Ok(tx.audit(&actor, "admin.entrada_recusada", None, json!({ "blocked": blocked })).await?)
}

/// Second factor: ends the half session and opens a whole one.
pub(super) async fn codigo(platform: &Platform, meta: &RequestMeta, half: &Sessao, code: &str) -> Result<Segredo, EntrarError> {
    let key = platform.config().master_key.clone();
    let accepted = platform
        .write(async |tx: &mut PlatformTx| {
            let now = tx.clock().now();
            // Locked: the same code sent twice at once is accepted once.
            let (sealed, last) = sql::lock_totp(tx, half.admin_id).await?;
            let secret = key.open(&format!("admin:{}:totp", half.admin_id), &sealed)?;
            // Counted by account: whoever knows the password can begin as many sessions as they like.
            let keys = [tentativa::code_key(half.admin_id)];
            let blocked = tentativa::count(tx, &keys).await? != Verdict::Allowed;
            let step = totp::check(&totp::build(&secret, &half.email)?, code, now, last);
            let Some(step) = step.filter(|_| !blocked) else {
                if blocked {
                    sessao::end(tx, half.id).await?;
                }
                tx.audit(&half.actor(meta.clone()), "admin.codigo_recusado", None, json!({ "blocked": blocked })).await?;
                return Ok::<_, EntrarError>(None);
            };
            tentativa::forgive(tx, &keys).await?;
            sql::entered(tx, half.admin_id, step).await?;
            sessao::end(tx, half.id).await?;
            tx.audit(&half.actor(meta.clone()), "admin.entrar", None, json!({})).await?;
            Ok(Some(sessao::open(tx, half.admin_id, true, meta).await?))
        })
        .await?;
    accepted.ok_or(EntrarError::WrongCode)
}

pub(super) async fn sair(tx: &mut PlatformTx, actor: &Actor, sessao: &Sessao) -> Result<(), Fault> {
    sessao::end(tx, sessao.id).await?;
    tx.audit(actor, "admin.sair", None, json!({})).await
}
