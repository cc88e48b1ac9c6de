//! Letters to a person about what happened to their account, so that a thief does not go unnoticed.

mod sql;

use chrono::{DateTime, Utc};
use kernel::{Fault, Invalid, RequestMeta, Texto};
use messaging::{Brand, Letter, Line};
use tenancy::TenantTx;

pub(crate) use sql::reader;

use crate::{sessao, usuario::UsuarioId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aviso {
    /// Entered from an aparelho that was not known.
    NovoAparelho,
    SenhaTrocada,
    FatorLigado,
    FatorRetirado,
    /// The word of a provedor opens the account from now on.
    ProvedorVinculado,
    /// An account in another unidade is the same person's from now on.
    UnidadeVinculada,
    /// Somebody else made a link that lets whoever has it choose the senha.
    LinkEntregue,
    /// Somebody else wrote another address for them; told to the old one.
    EmailTrocado,
}

impl Aviso {
    /// Keys of its subject and of what it says.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NovoAparelho => ("aviso-aparelho-subject", "aviso-aparelho-what"),
            Self::SenhaTrocada => ("aviso-senha-subject", "aviso-senha-what"),
            Self::FatorLigado => ("aviso-fator-subject", "aviso-fator-what"),
            Self::FatorRetirado => ("aviso-retirado-subject", "aviso-retirado-what"),
            Self::ProvedorVinculado => ("aviso-provedor-subject", "aviso-provedor-what"),
            Self::UnidadeVinculada => ("aviso-unidade-subject", "aviso-unidade-what"),
            Self::LinkEntregue => ("aviso-link-subject", "aviso-link-what"),
            Self::EmailTrocado => ("aviso-email-subject", "aviso-email-what"),
        }
    }
}

/// Whom a letter goes to.
pub(crate) struct Reader {
    pub nome: String,
    pub email: String,
    pub idioma: Option<String>,
}

/// Puts the letter into the outbox.
pub(crate) async fn send(tx: &mut TenantTx, usuario: UsuarioId, aviso: Aviso, meta: &RequestMeta) -> Result<(), Fault> {
    let reader = reader(tx, usuario).await?;
    send_to(tx, reader, aviso, meta).await
}

/// As [`send`], to somebody as they were.
pub(crate) async fn send_to(tx: &mut TenantTx, reader: Reader, aviso: Aviso, meta: &RequestMeta) -> Result<(), Fault> {
    let unidade = tx.unidade().clone();
    let lang = unidade.lang(reader.idioma.as_deref());
    let (subject, what) = aviso.words();
    let device = sessao::device(meta.user_agent.as_deref().unwrap_or_default());
    let ip = meta.ip.map(|ip| ip.to_string()).unwrap_or_default();
    let at = when(tx.clock().now(), unidade.fuso, lang);
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, subject, [("unidade", unidade.nome.as_str().into())])),
        heading: idioma::t_args(lang, "aviso-heading", [("nome", reader.nome.as_str().into())]),
        paragraphs: vec![
            idioma::t_args(lang, what, [("unidade", unidade.nome.as_str().into())]),
            idioma::t_args(
                lang,
                "aviso-where",
                [("at", at.as_str().into()), ("device", device.as_str().into()), ("ip", ip.as_str().into())],
            ),
        ],
        action: None,
        note: Some(idioma::t(lang, "aviso-note").to_owned()),
    };
    post(tx, reader, letter.render(&Brand::of(&unidade))?, false).await
}

/// Puts a letter to a person into the outbox; `secret`: it lets its reader in.
pub(crate) async fn post(tx: &mut TenantTx, reader: Reader, mail: messaging::Rendered, secret: bool) -> Result<(), Fault> {
    post_as(tx, reader, mail, secret).await.map(drop)
}

/// As [`post`]; the id of the message.
pub(crate) async fn post_as(
    tx: &mut TenantTx,
    reader: Reader,
    mail: messaging::Rendered,
    secret: bool,
) -> Result<messaging::MensagemId, Fault> {
    let to = reader.email.parse().map_err(|e: Invalid| Fault::new("a stored e-mail", e))?;
    let nome = reader.nome.parse::<Texto<120>>().ok();
    messaging::send_email(tx, messaging::Email { to, nome, secret }, mail).await
}

/// An instant in the unidade's zone.
fn when(at: DateTime<Utc>, fuso: chrono_tz::Tz, lang: kernel::Lang) -> String {
    let format = match lang {
        kernel::Lang::PtBr => "%d/%m/%Y %H:%M",
        kernel::Lang::En => "%Y-%m-%d %H:%M",
    };
    at.with_timezone(&fuso).format(format).to_string()
}
