use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use kernel::{Actor, Fault, Grants, Lang, Scope};
use tenancy::{TenantTx, UnidadeId};
use uuid::Uuid;

use crate::{Access, Module, Pace, Quota, RouteInfo};

/// Who somebody is, as the crate above knows it; handed in when `server` composes the house, because `web` may not import
/// upwards. One implementation serves the product; tests of `web` bring a second.
pub trait Identity: Send + Sync + 'static {
    /// The person behind a session cookie of this unidade; `None` for an unknown, expired or ended one.
    fn by_session<'a>(&'a self, tx: &'a mut TenantTx, cookie: &'a str) -> BoxFuture<'a, Result<Option<SignedIn>, Fault>>;

    /// The unidade that a bearer token says it is for. Not verified: it only tells where to look for the key.
    fn audience(&self, token: &str) -> Option<UnidadeId>;

    /// Whether a token was made by this house, for whichever unidade, and has not expired. It may be revoked.
    fn is_genuine(&self, token: &str, now: DateTime<Utc>) -> bool;

    /// A program of this house that has nothing left of its minute, as far as this process knows without asking anybody.
    fn spent(&self, token: &str, now: DateTime<Utc>) -> Option<Quota>;

    /// Counts `uses` more of a program whose row says `known`.
    fn spend(&self, program: Uuid, known: Pace, now: DateTime<Utc>, uses: u32) -> Quota;

    /// The program behind a bearer token of this unidade; `None` for one that does not verify, is expired or revoked.
    fn by_token<'a>(&'a self, tx: &'a mut TenantTx, token: &'a str) -> BoxFuture<'a, Result<Option<SignedIn>, Fault>>;

    /// Names of those who can give permissions in this unidade, a few at most.
    fn grantors<'a>(&'a self, tx: &'a mut TenantTx) -> BoxFuture<'a, Result<Vec<String>, Fault>>;

    /// Notes that the actor's session, or their token when there is none, was used, and how often it was; called after the
    /// answer, at most about once a minute for each, and when a quota asks for it.
    fn touch<'a>(&'a self, tx: &'a mut TenantTx, actor: &'a Actor, session: Option<Uuid>) -> BoxFuture<'a, Result<(), Fault>>;
}

/// Somebody who proved who they are.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Without the request's meta; `web` fills it in.
    pub actor: Actor,
    pub email: String,
    /// Address of their picture.
    pub foto: Option<String>,
    pub lang: Option<Lang>,
    /// Where they read the clock; `None`: as the unidade does.
    pub zone: Option<Tz>,
    /// Row of the session; `None` for tokens.
    pub session: Option<Uuid>,
    /// They have accounts in other unidades too, to which they go from here.
    pub vizinhas: bool,
    /// How many notificações of the person's are unread, counted up to a bound; `None` for programs, which have none.
    pub unread: Option<i64>,
    /// How often it may ask; programs alone are held to it.
    pub pace: Option<Pace>,
    /// The last use of the session or token is old enough to be noted again.
    pub touch: bool,
    /// Of the platform, let in by the unidade for a while; `grants` of the actor count for nothing then.
    pub suporte: Option<Suporte>,
}

/// What a unidade lets somebody of the platform do (decision 0017).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suporte {
    pub id: Uuid,
    /// Of the admin.
    pub nome: String,
    pub until: DateTime<Utc>,
    /// May change records too.
    pub escrita: bool,
}

impl Suporte {
    /// Records alone: whatever has to do with people, tokens, settings, secrets, and what carries many records away, is not
    /// among these. A list of what is open, so that a new kind of permission begins as closed.
    const CLOSED: [&'static str; 2] = ["acesso.", "privacidade."];
    const READING: [&'static str; 1] = ["ver"];
    const WRITING: [&'static str; 6] = ["ver", "registrar", "alterar", "consultar", "enviar", "excluir"];

    /// What it allows, of all that `modules` declare.
    pub(crate) fn grants(&self, modules: &[Module]) -> Grants {
        let verbs: &[&str] = if self.escrita { &Self::WRITING } else { &Self::READING };
        let allowed = |code: &str| {
            !Self::CLOSED.iter().any(|module| code.starts_with(module))
                && code.rsplit('.').next().is_some_and(|verb| verbs.contains(&verb))
        };
        let all = modules.iter().flat_map(|module| module.permissions);
        all.filter(|info| allowed(info.permission.code())).map(|info| (info.permission.code().to_owned(), Scope::Todas)).collect()
    }

    /// Whether a route may be asked at all: what changes something is for those who may write, and only where a permission
    /// is asked; what belongs to a person's own account is no part of it.
    pub(crate) fn may_enter(&self, info: &RouteInfo) -> bool {
        match info.access {
            Access::Public => true,
            Access::SignedIn => !info.mutates || info.path == "/sair",
            Access::Needs(_) => self.escrita || !info.mutates,
        }
    }
}
