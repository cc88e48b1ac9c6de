//! O passo: somebody between the first factor and the second. Its cookie is another than a sessão's and opens nothing but the
//! question that is left (ASVS V6.4.3), so nothing has to remember to refuse it.
//!
//! The rule it protects: a passo lives a quarter of an hour and five wrong codes, belongs to one browser, and ends with the sessão
//! that comes of it.

mod confirmar;
mod letter;
pub mod pages;
mod sql;

use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, Entity, Fault, Id, RequestMeta};
use serde_json::json;
use tenancy::{Change, Entry, MasterKey, TenantTx};
use web::cookies;

pub use confirmar::{Confirmar, ConfirmarError, Via, confirmar};
pub(crate) use confirmar::{admit, finish, forget_guesses};
pub(crate) use sql::{end_all, forget};

use crate::{
    aparelho::{self, Aparelhos},
    entrar::tentativa::{self, Limit},
    fator::{self, Digits, Due, Metodo},
    regra,
    segredo::Segredo,
    sessao::{Conta, Method, NovaSessao, SessaoId},
    usuario::UsuarioId,
};

#[derive(Debug)]
pub enum PassoEntity {}
impl Entity for PassoEntity {
    const NAME: &'static str = "passo";
}
pub type PassoId = Id<PassoEntity>;

/// How long somebody may take to find their telephone.
const VALID: TimeDelta = TimeDelta::minutes(15);
/// Wrong codes that end it (ASVS V6.6.3).
const TRIES: i32 = 5;
/// A mailed code (ASVS V6.5.5), and how many of them one passo and one account may ask for.
const CODE_VALID: TimeDelta = TimeDelta::minutes(10);
const CODES: i32 = 3;
const CODES_OF_ACCOUNT: Limit = Limit { failures: 8, window: TimeDelta::hours(1) };

/// Who has just proved the first factor, and how.
#[derive(Debug)]
pub(crate) struct Chegada<'a> {
    pub conta: Conta,
    pub method: Method,
    pub meta: &'a RequestMeta,
    /// The sessão they came with; it ends.
    pub previous: Option<SessaoId>,
    pub aparelhos: Aparelhos,
}

/// What came of it.
#[derive(Debug)]
pub enum Entrou {
    Sessao(NovaSessao),
    /// The second factor is still to come.
    Passo(NovoPasso),
    /// They are who they say, and their perfil enters by another way.
    Fechada,
}

impl Entrou {
    #[must_use]
    pub fn sessao(self) -> Option<NovaSessao> {
        match self {
            Self::Sessao(nova) => Some(nova),
            Self::Passo(_) | Self::Fechada => None,
        }
    }

    #[must_use]
    pub fn passo(self) -> Option<NovoPasso> {
        match self {
            Self::Passo(novo) => Some(novo),
            Self::Sessao(_) | Self::Fechada => None,
        }
    }
}

/// A passo just opened; the cookie leaves the house once, here.
#[derive(Debug)]
pub struct NovoPasso {
    pub cookie: Segredo,
    pub(crate) due: Due,
    /// A code was mailed already: it is all that the person has.
    pub(crate) mailed: bool,
}

/// A passo that is not over.
#[derive(Debug)]
pub(crate) struct Passo {
    pub id: PassoId,
    pub conta: Conta,
    pub method: Method,
    pub created_at: DateTime<Utc>,
    pub codigo: Option<Mailed>,
    pub codigo_sent: i32,
}

/// The code that was mailed last.
#[derive(Debug, Clone)]
pub(crate) struct Mailed {
    pub hash: Vec<u8>,
    pub expires_at: DateTime<Utc>,
    /// Where its letter stands in the outbox.
    pub stuck: bool,
}

impl Passo {
    pub(crate) fn actor(&self, meta: &RequestMeta) -> Actor {
        self.conta.actor(meta)
    }

    pub(crate) const fn may_mail(&self) -> bool {
        self.codigo_sent < CODES
    }
}

/// The secret by which a browser says which passo is its own.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<Segredo> {
    cookies::get(headers, cookies::PASSO_COOKIE)?.parse().ok()
}

/// Lets somebody in whose first factor was right, or asks for the second.
pub(crate) async fn proceed(tx: &mut TenantTx, chegada: Chegada<'_>) -> Result<Entrou, Fault> {
    let usuario = chegada.conta.id;
    if is_shut(tx, &chegada).await? {
        return Ok(Entrou::Fechada);
    }
    let fatores = fator::of_usuario(tx, usuario).await?;
    let due = fatores.due();
    let spared = due == Due::Confirm && {
        let days = regra::find(tx).await?.trust_days;
        days > 0 && aparelho::is_trusted(tx, usuario, &chegada.aparelhos, days).await?
    };
    if due == Due::Nothing || spared {
        return admit(tx, chegada, false).await.map(Entrou::Sessao);
    }
    let cookie = Segredo::draw();
    let id = PassoId::new(tx.clock().uuid());
    sql::insert(tx, id, &chegada, &cookie, tx.clock().now() + VALID).await?;
    if let Some(previous) = chegada.previous {
        crate::sessao::end(tx, previous).await?;
    }
    let mailed = due == Due::Confirm && fatores.takes_email() && send_code(tx, id, usuario, &cookie).await?;
    Ok(Entrou::Passo(NovoPasso { cookie, due, mailed }))
}

/// Whether the unidade has closed that way in to the perfil of whoever came by it, which the trail tells then. Nothing that they had ends.
pub(crate) async fn is_shut(tx: &mut TenantTx, chegada: &Chegada<'_>) -> Result<bool, Fault> {
    let usuario = chegada.conta.id;
    if !chegada.method.is_by_senha() || regra::by_senha(tx, usuario).await? {
        return Ok(false);
    }
    let change = Change { before: None, after: Some(json!({ "method": chegada.method.code() })) };
    let entry = Entry { action: "acesso.entrada_fechada", entity: "usuario", entity_id: Some(usuario.uuid()), change };
    tx.audit(&chegada.conta.actor(chegada.meta), entry).await?;
    Ok(true)
}

/// The passo of a cookie, as long as it works.
pub(crate) async fn find(tx: &mut TenantTx, cookie: &Segredo) -> Result<Option<Passo>, Fault> {
    sql::find(tx, cookie.hash()).await
}

/// Nobody else uses the passo of a cookie until the transaction ends; before it is looked for.
pub(crate) async fn lock(tx: &mut TenantTx, cookie: &Segredo) -> Result<(), Fault> {
    sql::lock(tx, cookie.hash()).await
}

/// Begins the second factor that somebody must have and has not, from their passo. Says whether they can go on with it: not when
/// the passo is over, they have one already, or too many codes were mailed.
///
/// # Errors
/// A fault of the database.
pub async fn comecar(tx: &mut TenantTx, key: &MasterKey, cookie: &Segredo, metodo: Metodo) -> Result<bool, Fault> {
    let Some(passo) = find(tx, cookie).await? else { return Ok(false) };
    let usuario = passo.conta.id;
    if fator::of_usuario(tx, usuario).await?.due() != Due::Enrol {
        return Ok(false);
    }
    match metodo {
        // Whoever goes back and forth finds the app that they scanned; what was begun before this passo may be a stranger's.
        Metodo::Totp if fator::sql::is_begun(tx, usuario, metodo, passo.created_at).await? => Ok(true),
        Metodo::Totp => fator::begin(tx, key, usuario, metodo).await,
        Metodo::Email => {
            fator::begin(tx, key, usuario, metodo).await?;
            Ok(passo.may_mail() && send_code(tx, passo.id, usuario, cookie).await?)
        }
    }
}

/// Mails a code that works for this passo alone. `false` when the account asked for too many.
pub(crate) async fn send_code(tx: &mut TenantTx, passo: PassoId, usuario: UsuarioId, cookie: &Segredo) -> Result<bool, Fault> {
    if !tentativa::within(tx, &format!("envio:{usuario}"), CODES_OF_ACCOUNT).await? {
        return Ok(false);
    }
    let code = Digits::draw();
    let mensagem = letter::send(tx, usuario, &code).await?;
    let expires_at = tx.clock().now() + CODE_VALID;
    sql::set_code(tx, passo, Digits::hash(&code.reveal(), cookie), expires_at, mensagem).await?;
    Ok(true)
}
