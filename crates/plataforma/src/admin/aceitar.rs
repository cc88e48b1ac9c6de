use acesso::{HashingPlace, NovaSenha, Segredo};
use kernel::{Actor, ActorKind, ErrorKind, Fault, Grants, Kind, RequestMeta, Texto};
use serde_json::json;
use tenancy::{MasterKey, Platform, PlatformTx};

use super::{AdminId, convidar::convite_purpose, sessao, sql, totp};

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

/// The link as the page shows it; looking does not use it up.
pub(super) async fn find(tx: &mut PlatformTx, key: &MasterKey, segredo: &Segredo) -> Result<Option<Convite>, Fault> {
    let found = sql::find_convite(tx, segredo).await?;
    found
        .map(|(email, sealed)| {
            let totp_secret = key.open(&convite_purpose(segredo), &sealed)?;
            Ok(Convite { email, totp_secret })
        })
        .transpose()
}

/// Makes the admin and signs them in, using the link up. Two at once: one of them finds the link gone.
pub(super) async fn aceitar(platform: &Platform, meta: &RequestMeta, cmd: Aceitar) -> Result<Segredo, AceitarError> {
    let place = HashingPlace::take_for_console()?;
    let senha = place.hash(cmd.senha).await?;
    let key = platform.config().master_key.clone();
    platform
        .write(async |tx: &mut PlatformTx| {
            let now = tx.clock().now();
            let convite = find(tx, &key, &cmd.segredo).await?.ok_or(AceitarError::LinkGone)?;
            let code = totp::build(&convite.totp_secret, &convite.email)?;
            let step = totp::check(&code, &cmd.codigo, now, 0).ok_or(AceitarError::WrongCode)?;
            if !sql::consume_convite(tx, &cmd.segredo).await? {
                return Err(AceitarError::LinkGone);
            }
            let id = AdminId::new(tx.clock().uuid());
            let sealed = key.seal(&format!("admin:{id}:totp"), &convite.totp_secret)?;
            let novo = sql::NovoAdmin {
                id,
                nome: cmd.nome.as_str(),
                email: &convite.email,
                senha: &senha,
                totp: &sealed,
                totp_step: step,
            };
            if !sql::insert_admin(tx, novo).await? {
                return Err(AceitarError::EmailTaken);
            }
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
