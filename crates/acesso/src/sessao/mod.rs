//! A sessão: somebody signed in on one device. Its cookie is a secret of which only the hash is stored; it ends when it is
//! not used for a while, after some hours in any case, and whenever its usuario says so or is deactivated.

pub mod administrar;
mod encerrar;
pub mod pages;
mod sql;

use axum::http::HeaderValue;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, ActorKind, Entity, Fault, Grants, Id, RequestMeta};
use tenancy::{Change, Entry, Parametro, TenantTx};

pub use encerrar::{EncerrarError, encerrar, encerrar_outras, sair};
pub(crate) use sql::{end, find, forget, touch};

use crate::{segredo::Segredo, usuario::UsuarioId};

#[derive(Debug)]
pub enum SessaoEntity {}
impl Entity for SessaoEntity {
    const NAME: &'static str = "sessao";
}
pub type SessaoId = Id<SessaoEntity>;

/// Minutes without use after which a sessão is over (D-2).
pub const OCIOSA: Parametro = Parametro { nome: "sessao_ociosa_minutos", default: 30, min: 5, max: 480 };
/// Hours after which it is over in any case.
pub const LONGEST: Parametro = Parametro { nome: "sessao_horas", default: 12, min: 1, max: 72 };

/// As long as a code on the telephone opens it, used or not (D-2, S2-7.5): whoever has no senha is not asked again and again.
const BY_TELEFONE: TimeDelta = TimeDelta::days(30);

/// Unused for so long, a sessão is over; and over after so long in any case.
async fn limits(tx: &mut TenantTx) -> Result<(TimeDelta, TimeDelta), Fault> {
    Ok((TimeDelta::minutes(tx.parametro(&OCIOSA).await?), TimeDelta::hours(tx.parametro(&LONGEST).await?)))
}

/// Lets the sessões that are open last as long as the parâmetros say now; those of a telephone have their own time.
pub(crate) async fn keep_to_parametros(tx: &mut TenantTx) -> Result<(), Fault> {
    let (idle, absolute) = limits(tx).await?;
    sql::limit(tx, idle, absolute).await
}

/// How a sessão was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Senha,
    Convite,
    /// A one-time link of an operator.
    Entrada,
    /// A mailed link by which the senha was chosen anew.
    Recuperacao,
    /// A passkey alone.
    Chave,
    /// A code on the telephone.
    Telefone,
    /// The word of a provedor.
    Provedor,
    /// From another account of the same person, in another unidade.
    Passagem,
}

impl Method {
    const ALL: [Self; 8] = [
        Self::Senha,
        Self::Convite,
        Self::Entrada,
        Self::Recuperacao,
        Self::Chave,
        Self::Telefone,
        Self::Provedor,
        Self::Passagem,
    ];

    /// By the senha, what stands in for it, what sets it anew, or what was proved so elsewhere: of these a unidade may close the
    /// door to a perfil.
    pub(crate) const fn is_by_senha(self) -> bool {
        matches!(self, Self::Senha | Self::Chave | Self::Recuperacao | Self::Passagem)
    }

    /// A stored one; what another release wrote counts as the plainest.
    pub(crate) fn of(code: &str) -> Self {
        Self::known(code).unwrap_or(Self::Senha)
    }

    fn known(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    /// Whether a sessão that was opened like that proves the person beyond its unidade (decision 0019): by what they alone have.
    /// Codes on the telephone, links and the words of provedores go through what an administrador of the unidade sets up; whoever
    /// has just chosen a senha knows it.
    pub(crate) fn leads(code: &str) -> bool {
        matches!(Self::known(code), Some(Self::Senha | Self::Chave | Self::Passagem | Self::Convite | Self::Recuperacao))
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Senha => "senha",
            Self::Convite => "convite",
            Self::Entrada => "entrada",
            Self::Recuperacao => "recuperacao",
            Self::Chave => "chave",
            Self::Telefone => "telefone",
            Self::Provedor => "provedor",
            Self::Passagem => "passagem",
        }
    }
}

/// A sessão just opened; the cookie leaves the house once, here.
#[derive(Debug)]
pub struct NovaSessao {
    pub id: SessaoId,
    pub cookie: Segredo,
    /// How long the browser keeps it beyond its own closing.
    pub kept: Option<TimeDelta>,
    /// Language the usuario chose, for the browser to remember.
    pub idioma: Option<kernel::Lang>,
    /// What the browser is to keep to be known again, when that is new.
    pub aparelho: Option<HeaderValue>,
}

/// Who has just proved who they are.
#[derive(Debug, Clone)]
pub(crate) struct Conta {
    pub id: UsuarioId,
    pub nome: String,
    pub idioma: Option<kernel::Lang>,
}

impl Conta {
    /// The usuario as the author of their own entering; nothing is asked of the grants there.
    pub(crate) fn actor(&self, meta: &RequestMeta) -> Actor {
        Actor {
            kind: ActorKind::Usuario,
            id: Some(self.id.uuid()),
            nome: self.nome.clone(),
            grants: Grants::default(),
            meta: meta.clone(),
        }
    }
}

/// A sessão as its usuario sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessao {
    pub id: SessaoId,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub ip: Option<std::net::IpAddr>,
    pub user_agent: Option<String>,
}

/// Opens a sessão for somebody who proved who they are, always a new one: whoever planted or knew the cookie of
/// `previous` is left with nothing (ASVS V7.2.4).
pub(crate) async fn abrir(
    tx: &mut TenantTx,
    conta: Conta,
    method: Method,
    meta: &RequestMeta,
    previous: Option<SessaoId>,
) -> Result<NovaSessao, Fault> {
    let (now, id) = (tx.clock().now(), SessaoId::new(tx.clock().uuid()));
    let cookie = Segredo::draw();
    let kept = (method == Method::Telefone).then_some(BY_TELEFONE);
    let (idle, absolute) = match kept {
        Some(kept) => (kept, kept),
        None => limits(tx).await?,
    };
    crate::usuario::lock(tx, conta.id).await?;
    if let Some(previous) = previous {
        end(tx, previous).await?;
    }
    let row = sql::Nova {
        id,
        usuario: conta.id,
        token_hash: cookie.hash(),
        method,
        now,
        idle_until: now + idle,
        expires_at: now + absolute,
        meta,
    };
    sql::insert(tx, row).await?;
    crate::usuario::seen(tx, conta.id).await?;
    let entry = Entry {
        action: "acesso.entrou",
        entity: "usuario",
        entity_id: Some(conta.id.uuid()),
        change: Change::created(&serde_json::json!({ "method": method.code() })),
    };
    tx.audit(&conta.actor(meta), entry).await?;
    Ok(NovaSessao { id, cookie, kept, idioma: conta.idioma, aparelho: None })
}

/// Browser and system in two words, as far as they say so; what a person needs to know their own devices apart.
#[must_use]
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    // Each says it is also those that stand below it.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

/// The sessões of a usuario that are not over, newest use first.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut TenantTx, usuario: UsuarioId) -> Result<Vec<Sessao>, Fault> {
    sql::list(tx, usuario).await
}

/// Ends sessões of a usuario, every attempt to open one, and every second factor that was only begun; all sessões but `kept`. Streams that they hold open end with them.
/// Returns how many.
pub(crate) async fn end_all(tx: &mut TenantTx, usuario: UsuarioId, kept: Option<SessaoId>) -> Result<u64, Fault> {
    // The usuario, then passos, then sessões: a passo that was becoming a sessão has become one, or never does.
    crate::usuario::lock(tx, usuario).await?;
    crate::passo::end_all(tx, usuario).await?;
    let ended = sql::end_all(tx, usuario, kept).await?;
    crate::fator::sql::end_begun(tx, usuario).await?;
    tell(tx, usuario).await?;
    Ok(ended)
}

/// Ends the sessões of a usuario that were opened in one way, and every attempt to open another.
pub(crate) async fn end_by(tx: &mut TenantTx, usuario: UsuarioId, method: Method) -> Result<(), Fault> {
    crate::usuario::lock(tx, usuario).await?;
    crate::passo::end_all(tx, usuario).await?;
    sql::end_by(tx, usuario, method).await?;
    tell(tx, usuario).await
}

/// Tells the streams of a usuario, in every process, to come back and say who they are.
async fn tell(tx: &mut TenantTx, usuario: UsuarioId) -> Result<(), Fault> {
    tx.tell(web::live::WHO, usuario.uuid()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_by_two_words() {
        for (agent, words) in [
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
            ("curl/8.0", "curl/8.0"),
            ("", ""),
        ] {
            assert_eq!(device(agent), words);
        }
    }

    #[test]
    fn a_stored_method_is_read_back() {
        for method in Method::ALL {
            assert_eq!(Method::of(method.code()), method);
        }
    }
}
