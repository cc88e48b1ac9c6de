use acesso::{HashingPlace, NovaSenha, Segredo};
use kernel::{Actor, ActorKind, ErrorKind, Fault, Grants, Kind, RequestMeta, Texto};
use serde_json::json;
use tenancy::{MasterKey, Platform, PlatformTx, Sealed};

use super::{AdminId, convidar::convite_purpose, sessao, totp};

/// A link that still works.
pub(super) struct Convite {
    pub email: String,
    pub totp_secret: Vec<u8>,
}

/// What the invited person fills in.
pub(super) struct Aceitar {
    pub segredo: Segredo,
    pub nome: Texto<120>,
    pub senha: NovaSenha,
    /// Proof that the secret arrived in an app.
    pub codigo: String,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum AceitarError {
    #[error("the link was used, has expired or never was")]
    LinkGone,
    #[error("the code does not fit the secret")]
    WrongCode,
    #[error("this e-mail is an admin already")]
    EmailTaken,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ErrorKind for AceitarError {
    fn kind(&self) -> Kind {
        match self {
            Self::LinkGone => Kind::NotFound,
            Self::WrongCode => Kind::Invalid,
            Self::EmailTaken => Kind::Conflict,
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::LinkGone => "link-gone",
            Self::WrongCode => "wrong-code",
            Self::EmailTaken => "admin-email-taken",
            Self::Fault(fault) => fault.code(),
        }
    }
}

impl From<sqlx::Error> for AceitarError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
            Some("admin_email_key") => Self::EmailTaken,
            _ => Self::Fault(error.into()),
        }
    }
}

/// The link as the page shows it; looking does not use it up.
pub(super) async fn find(tx: &mut PlatformTx, key: &MasterKey, segredo: &Segredo) -> Result<Option<Convite>, Fault> {
    let now = tx.clock().now();
    let row = sqlx::query!(
        "SELECT email, totp_secret FROM platform.admin_convite WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        &segredo.hash()[..],
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(|row| {
        let totp_secret = key.open(&convite_purpose(segredo), &Sealed(row.totp_secret))?;
        Ok(Convite { email: row.email, totp_secret })
    })
    .transpose()
}

/// Makes the admin and signs them in, using the link up. Two at once: one of them finds the link gone.
pub(super) async fn aceitar(platform: &Platform, meta: &RequestMeta, cmd: Aceitar) -> Result<Segredo, AceitarError> {
    let place = HashingPlace::take()?;
    let senha = place.hash(cmd.senha).await?;
    let key = platform.config().master_key.clone();
    platform
        .write(async |tx: &mut PlatformTx| {
            let now = tx.clock().now();
            let convite = find(tx, &key, &cmd.segredo).await?.ok_or(AceitarError::LinkGone)?;
            let code = totp::build(&convite.totp_secret, &convite.email)?;
            let step = totp::check(&code, &cmd.codigo, now, 0).ok_or(AceitarError::WrongCode)?;
            let used = sqlx::query!(
                "UPDATE platform.admin_convite SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL",
                &cmd.segredo.hash()[..],
                now
            )
            .execute(tx.db())
            .await?;
            if used.rows_affected() == 0 {
                return Err(AceitarError::LinkGone);
            }
            let id = AdminId::new(tx.clock().uuid());
            let sealed = key.seal(&format!("admin:{id}:totp"), &convite.totp_secret)?;
            sqlx::query!(
                "INSERT INTO platform.admin (id, nome, email, senha, totp_secret, totp_step, created_at, last_access_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
                id as _,
                cmd.nome.as_str(),
                convite.email,
                senha,
                sealed.0,
                step,
                now,
            )
            .execute(tx.db())
            .await?;
            let actor = Actor {
                kind: ActorKind::Plataforma,
                id: Some(id.uuid()),
                nome: cmd.nome.as_str().to_owned(),
                grants: Grants::default(),
                meta: meta.clone(),
            };
            tx.audit(&actor, "admin.aceitar", None, json!({ "email": convite.email })).await?;
            Ok(sessao::open(tx, id, true, meta).await?)
        })
        .await
}
