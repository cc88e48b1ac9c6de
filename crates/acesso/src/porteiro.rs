use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use kernel::{Actor, ActorKind, Fault, RequestMeta, Scope};
use tenancy::{MasterKey, Platform, PlatformTx, TenantTx, UnidadeId};
use uuid::Uuid;
use web::{Identity, Pace, Quota, SignedIn};

use crate::{
    foto, perfil,
    segredo::Segredo,
    sessao::{self, SessaoId},
    suporte,
    token::{self, Paces, TokenId},
    usuario::{self, UsuarioId},
};

/// A last use older than this is noted again: one write a minute for somebody who works.
const NOTE_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Tells `web` who somebody is.
#[derive(Debug, Clone)]
pub struct Porteiro {
    master_key: MasterKey,
    platform: Platform,
    paces: Arc<Paces>,
}

impl Porteiro {
    /// The keys of all unidades' tokens follow from `master_key`; `platform` knows who of it was let into a unidade.
    #[must_use]
    pub fn new(master_key: MasterKey, platform: Platform) -> Self {
        Self { master_key, platform, paces: Arc::default() }
    }

    async fn session(&self, tx: &mut TenantTx, cookie: &str) -> Result<Option<SignedIn>, Fault> {
        // Told apart by its first letters, so that a person's request never asks the register.
        if let Some(secret) = cookie.strip_prefix(suporte::COOKIE_MARK) {
            return suporte::signed_in(&self.platform, tx.unidade_id(), secret, NOTE_AFTER).await;
        }
        let Ok(secret) = cookie.parse::<Segredo>() else { return Ok(None) };
        let Some(viva) = sessao::find(tx, secret.hash()).await? else { return Ok(None) };
        let permissoes = viva.permissoes.map(|held| held.0).unwrap_or_default();
        let ajustes = viva.ajustes.map(|held| held.0).unwrap_or_default();
        Ok(Some(SignedIn {
            actor: Actor {
                kind: ActorKind::Usuario,
                id: Some(viva.usuario.uuid()),
                nome: viva.nome,
                grants: perfil::grants(viva.administrador, permissoes, ajustes),
                meta: RequestMeta::default(),
            },
            email: viva.email,
            foto: foto::pages::address(viva.foto),
            // The browser's cookie says it: set at login from the usuario's own, changed by the frame's switch.
            lang: None,
            zone: usuario::fuso(viva.fuso.as_deref()),
            session: Some(viva.id.uuid()),
            vizinhas: viva.vizinhas,
            unread: Some(viva.unread),
            pace: None,
            touch: tx.clock().now() - viva.last_used_at >= NOTE_AFTER,
            suporte: None,
        }))
    }

    async fn token(&self, tx: &mut TenantTx, text: &str) -> Result<Option<SignedIn>, Fault> {
        let now = tx.clock().now();
        let Some(genuine) = token::verify(&self.master_key, tx.unidade_id(), text, now) else { return Ok(None) };
        let Some(valid) = token::find_valid(tx, genuine).await? else { return Ok(None) };
        // Nor does it outlive the rights of whoever it acts for.
        let maker = match valid.holder {
            // One who is not there holds nothing.
            Some(holder) => Some(perfil::find_grants(tx, UsuarioId::new(holder)).await?.unwrap_or_default()),
            None => None,
        };
        let held = |code: &String| maker.as_ref().is_none_or(|grants| grants.holds(code, Scope::Todas));
        Ok(Some(SignedIn {
            actor: Actor {
                kind: ActorKind::Token,
                id: Some(genuine.id.uuid()),
                nome: valid.nome,
                grants: valid.permissoes.into_iter().filter(held).map(|code| (code, Scope::Todas)).collect(),
                meta: RequestMeta::default(),
            },
            email: String::new(),
            foto: None,
            lang: None,
            zone: None,
            session: None,
            vizinhas: false,
            unread: None,
            pace: Some(valid.pace),
            touch: valid.last_used_at.is_none_or(|last| now - last >= NOTE_AFTER),
            suporte: None,
        }))
    }
}

impl Identity for Porteiro {
    fn by_session<'a>(&'a self, tx: &'a mut TenantTx, cookie: &'a str) -> BoxFuture<'a, Result<Option<SignedIn>, Fault>> {
        Box::pin(self.session(tx, cookie))
    }

    fn audience(&self, token: &str) -> Option<UnidadeId> {
        token::audience(token)
    }

    fn is_genuine(&self, token: &str, now: DateTime<Utc>) -> bool {
        token::audience(token).is_some_and(|unidade| token::verify(&self.master_key, unidade, token, now).is_some())
    }

    fn spent(&self, token: &str, now: DateTime<Utc>) -> Option<Quota> {
        let genuine = token::verify(&self.master_key, token::audience(token)?, token, now)?;
        self.paces.full(genuine.id, now)
    }

    fn spend(&self, program: Uuid, known: Pace, now: DateTime<Utc>, uses: u32) -> Quota {
        self.paces.spend(TokenId::new(program), known, now, uses)
    }

    fn by_token<'a>(&'a self, tx: &'a mut TenantTx, token: &'a str) -> BoxFuture<'a, Result<Option<SignedIn>, Fault>> {
        Box::pin(self.token(tx, token))
    }

    fn grantors<'a>(&'a self, tx: &'a mut TenantTx) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        Box::pin(perfil::administradores(tx))
    }

    fn touch<'a>(&'a self, tx: &'a mut TenantTx, actor: &'a Actor, session: Option<Uuid>) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            match (session, actor.kind, actor.id) {
                (Some(session), ..) => sessao::touch(tx, SessaoId::new(session)).await,
                (None, ActorKind::Token, Some(id)) => {
                    let id = TokenId::new(id);
                    let now = tx.clock().now();
                    token::touch(tx, id, self.paces.take(id, now)).await
                }
                (None, ActorKind::Plataforma, Some(admin)) => {
                    let unidade = tx.unidade_id();
                    let used = async |tx: &mut PlatformTx| tenancy::suporte::touch(tx, unidade, admin).await;
                    self.platform.write(used).await
                }
                _ => Ok(()),
            }
        })
    }
}
