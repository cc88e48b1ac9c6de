//! What the unidade keeps of the people who use it, for their dossier and for their erasure.
//!
//! A usuario who is erased stays as a row that nobody is: what they did keeps an author, who has no name and no address.

mod sql;

use futures::FutureExt;
use kernel::Fault;
use serde_json::Value;
use tenancy::{Ground, trail};
use web::titular::{Acervo, Alvo, Efeito, Titulares};

use crate::{
    comunicado, sessao,
    usuario::{self, SituacaoError, UsuarioId},
};

/// As in the audit trail.
pub(crate) const USUARIO: &str = "usuario";

pub(crate) static TITULARES: &[Titulares] = &[Titulares {
    kind: USUARIO,
    label: "titular-usuario",
    find: |tx, text, limit| async move { sql::find(tx, text, limit).await }.boxed(),
    get: |ground, id| async move { sql::get(ground, id).await }.boxed(),
    guard: |tx, actor, id| {
        async move {
            match usuario::may_go(tx, actor, UsuarioId::new(id)).await {
                // Removed already: they hold nothing, and their name is still there.
                Ok(_) | Err(SituacaoError::NotFound) => Ok(()),
                Err(refused) => Err(refused.into()),
            }
        }
        .boxed()
    },
}];

pub(crate) static ACERVOS: &[Acervo] = &[
    Acervo {
        name: "conta",
        label: "acervo-conta",
        guarda: Some("acervo-conta-guarda"),
        reunir: |ground, alvo| async move { sql::conta(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { sql::erase_conta(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "acesso",
        label: "acervo-acesso",
        guarda: None,
        reunir: |ground, alvo| async move { sql::acessos(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { acessos(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "preferencia",
        label: "acervo-preferencia",
        guarda: None,
        reunir: |ground, alvo| async move { preferencias(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { erase_preferencias(ground, alvo).await }.boxed(),
    },
    crate::ausencia::titular::ACERVO,
    Acervo {
        name: "convite",
        label: "acervo-convite",
        guarda: None,
        reunir: |ground, alvo| async move { sql::convites(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { sql::erase_convites(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "mensagem",
        label: "acervo-mensagem",
        guarda: None,
        reunir: |ground, alvo| {
            async move { messaging::titular::told(ground, alvo.titular.email.as_deref(), &alvo.pattern).await }.boxed()
        },
        apagar: |ground, alvo| {
            async move {
                let email = alvo.titular.email.as_deref();
                let mensagens = messaging::titular::erase(ground, email, &alvo.pattern).await?;
                Ok(Efeito::anonimizados(mensagens))
            }
            .boxed()
        },
    },
    Acervo {
        name: "notificacao",
        label: "acervo-notificacao",
        guarda: None,
        reunir: |ground, alvo| async move { messaging::notificacao::of(ground, own(alvo), &alvo.pattern).await }.boxed(),
        apagar: |ground, alvo| {
            async move {
                let (own, others) = messaging::notificacao::erase(ground, own(alvo), &alvo.pattern).await?;
                Ok(Efeito::apagados(own) + Efeito::anonimizados(others))
            }
            .boxed()
        },
    },
    Acervo {
        name: "comunicado",
        label: "acervo-comunicado",
        guarda: None,
        reunir: |ground, alvo| async move { comunicado::of(ground, own(alvo), alvo).await }.boxed(),
        apagar: |ground, alvo| async move { comunicado::erase(ground, own(alvo), alvo).await }.boxed(),
    },
    Acervo {
        name: "trilha",
        label: "acervo-trilha",
        guarda: Some("acervo-trilha-guarda"),
        reunir: |ground, alvo| async move { trail::told_of(ground, alvo.titular.id, &alvo.pattern, SHOWN).await }.boxed(),
        apagar: |ground, alvo| async move { kept(ground, alvo).await }.boxed(),
    },
];

/// Rows of the trail that a dossier holds: the newest.
const SHOWN: i64 = 2_000;

/// The id of a usuario; nobody's for other people.
fn own(alvo: &Alvo) -> uuid::Uuid {
    if alvo.titular.kind == USUARIO { alvo.titular.id } else { uuid::Uuid::nil() }
}

/// How lists look to them, and what they want to hear of.
async fn preferencias(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Rows, Fault> {
    let mut rows = sql::preferencias(ground, alvo).await?;
    rows.extend(messaging::notificacao::preferencia::of(ground, own(alvo)).await?);
    Ok(rows)
}

async fn erase_preferencias(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let notices = messaging::notificacao::preferencia::erase(ground, own(alvo)).await?;
    Ok(sql::erase_preferencias(ground, alvo).await? + Efeito::apagados(notices))
}

/// Ways in are shut before they go, so that open streams of the person end with them.
async fn acessos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    if alvo.titular.kind == USUARIO
        && let Some(tx) = ground.tx()
    {
        sessao::end_all(tx, UsuarioId::new(alvo.titular.id), None).await?;
    }
    sql::erase_acessos(ground, alvo).await
}

/// The trail stays until its time is over: whoever erases notes which rows are to go then (decision 0018).
async fn kept(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let mentions = trail::mentions(ground, alvo.titular.id, &alvo.pattern).await?;
    let about = i64::try_from(mentions.about.len()).unwrap_or(i64::MAX);
    Ok(Efeito { mantidos: about.saturating_add(mentions.by), ..Efeito::default() })
}

/// Objects of a query that answers one json for each row.
type Rows = Vec<Value>;
