//! One request inside one unidade: its transaction, who acts, and how the answer ends it.
//!
//! [`enter`] stands before every route. It opens the request's one transaction, finds out who is there, checks the route's
//! permission and only then lets the handler run, so that no handler can forget to. When the answer is a success it
//! commits, otherwise it rolls back; a request that is dropped half-way closes the connection (decision 0003).

mod enter;

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kernel::{Actor, Fault, Lang, RequestMeta};
use tenancy::{TenantTx, Unidade};
use uuid::Uuid;

pub(crate) use enter::enter;

use crate::{
    App, Error, busca,
    edge::Visit,
    frame::{Action, Cor, Frame, Place, Preferences, Tema, Toast, UnidadeView, UserView},
    identity::Suporte,
    lixeira,
    route::RouteInfo,
};

/// A request inside a unidade, as its handler sees it.
pub struct Ctx {
    inner: Option<Inner>,
    slot: Slot,
}

/// What [`Ctx`] derefs to.
pub struct Inner {
    /// The request's one transaction. Committed when the answer is a success.
    pub tx: TenantTx,
    pub actor: Actor,
    pub unidade: Arc<Unidade>,
    pub lang: Lang,
    pub app: App,
    /// Row of the session, when the actor came with a cookie.
    pub session: Option<Uuid>,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    pub info: Arc<RouteInfo>,
    /// Of the platform, let in for a while.
    pub suporte: Option<Suporte>,
    email: String,
    foto: Option<String>,
    zone: Option<Tz>,
    unread: Option<i64>,
    vizinhas: bool,
    visit: Visit,
    toast: Option<Toast>,
}

type Slot = Arc<Mutex<Option<Inner>>>;

impl Deref for Ctx {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        match &self.inner {
            Some(inner) => inner,
            None => unreachable!("a context holds its transaction until it is dropped"),
        }
    }
}

impl DerefMut for Ctx {
    fn deref_mut(&mut self) -> &mut Inner {
        match &mut self.inner {
            Some(inner) => inner,
            None => unreachable!("a context holds its transaction until it is dropped"),
        }
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(inner);
        }
    }
}

impl Ctx {
    /// Ends the request's transaction now and keeps nothing of it, so that slow work (hashing a password) holds no
    /// connection while it waits. What follows runs in transactions of its own.
    ///
    /// # Errors
    /// A fault when the database cannot be reached.
    pub async fn release(mut self) -> Result<(), Fault> {
        match self.inner.take() {
            Some(inner) => inner.tx.rollback().await,
            None => Ok(()),
        }
    }
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let slot = parts
            .extensions
            .get::<Slot>()
            .cloned()
            .ok_or_else(|| Fault::because("a route was mounted without its declaration"))?;
        let inner = slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .ok_or_else(|| Fault::because("a handler asked for its context twice"))?;
        Ok(Self { inner: Some(inner), slot })
    }
}

impl Inner {
    /// The zone in which the person of this request reads and writes days and hours.
    #[must_use]
    pub fn fuso(&self) -> Tz {
        self.zone.unwrap_or(self.unidade.fuso)
    }

    /// The frame of a page, with the navigation that this actor may see.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let preferences = Preferences { lang: self.lang, ..self.visit.preferences };
        let place = Place::Unidade(view(&self.unidade));
        let mut frame =
            Frame::new(place, preferences, self.fuso(), self.now).nonce(self.visit.nonce.clone()).toast(self.toast.clone());
        if self.actor.is_signed_in() {
            frame = frame
                .nav(crate::nav::groups(&self.app.modules, &self.unidade, &self.actor, self.lang))
                .create(crate::nav::create(&self.app.modules, &self.unidade, &self.actor, self.lang))
                .account(self.account())
                .unidades(self.vizinhas.then_some("/conta/unidades/painel"))
                .suporte(self.suporte.clone())
                .user(UserView::new(self.actor.nome.clone(), self.email.clone()).foto(self.foto.clone()))
                .unread(self.unread);
            if busca::is_offered(&self.app.modules, &self.unidade, &self.actor) {
                frame = frame.search(busca::Busca::PATH);
            }
        }
        frame.at(self.visit.path_and_query.clone())
    }

    fn account(&self) -> Vec<Action> {
        if self.suporte.is_some() {
            // Nobody of the unidade: there is no account.
            return Vec::new();
        }
        let mut account = vec![Action::link(idioma::t(self.lang, "frame-my-account"), "/conta", "person-circle")];
        if !self.vizinhas {
            account.push(Action::link(idioma::t(self.lang, "unidades-title"), "/conta/unidades", "layers"));
        }
        if lixeira::is_offered(&self.app.modules, &self.unidade, &self.actor) {
            account.push(Action::link(idioma::t(self.lang, "lixeira-title"), lixeira::Lixeira::PATH, "trash3"));
        }
        account
    }

    #[must_use]
    pub const fn visit(&self) -> &Visit {
        &self.visit
    }

    #[must_use]
    pub fn meta(&self) -> &RequestMeta {
        &self.actor.meta
    }
}

impl Frame {
    /// A frame for a file that no request waits for: words, numbers and days in `lang` and in the unidade's zone.
    #[must_use]
    pub fn for_file(unidade: &Unidade, lang: Lang, now: DateTime<Utc>) -> Self {
        let preferences = Preferences { lang, ..Preferences::default() };
        Self::new(Place::Unidade(view(unidade)), preferences, unidade.fuso, now)
    }
}

fn view(unidade: &Unidade) -> UnidadeView {
    let default = Tema::default();
    let colour = |hex: &Option<String>, or: Cor| hex.as_deref().and_then(|hex| hex.parse().ok()).unwrap_or(or);
    UnidadeView {
        nome: unidade.nome.clone(),
        codigo: unidade.codigo.clone(),
        logo: unidade.tema.logo.as_ref().map(|hash| format!("/logo/{hash}")),
        tema: Tema {
            primaria: colour(&unidade.tema.primaria, default.primaria),
            destaque: colour(&unidade.tema.destaque, default.destaque),
        },
    }
}
