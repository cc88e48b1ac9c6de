//! A request on the console: its platform transaction and the admin who makes it. The twin of `web::ctx` without a unidade.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension,
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use idioma::t;
use kernel::{Actor, Fault, Lang};
use tenancy::PlatformTx;
use web::{
    Access, App, Entered, Error, Visit, cookies,
    frame::{Action, Frame, NavGroup, NavItem, Place, Toast, UserView},
};

use crate::admin::{self, CONSOLE_COOKIE};

/// A request on the console as its handler sees it.
pub struct ConsoleCtx {
    inner: Option<Inner>,
    slot: Slot,
}

/// What [`ConsoleCtx`] derefs to.
pub struct Inner {
    /// The request's one transaction; committed when the answer is a success.
    pub tx: PlatformTx,
    pub actor: Actor,
    pub lang: Lang,
    pub app: App,
    pub now: DateTime<Utc>,
    /// The session, complete or between password and second factor.
    pub sessao: Option<admin::Sessao>,
    pub visit: Visit,
    toast: Option<Toast>,
}

type Slot = Arc<Mutex<Option<Inner>>>;

impl Deref for ConsoleCtx {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        match &self.inner {
            Some(inner) => inner,
            None => unreachable!("a context holds its transaction until it is dropped"),
        }
    }
}

impl DerefMut for ConsoleCtx {
    fn deref_mut(&mut self) -> &mut Inner {
        match &mut self.inner {
            Some(inner) => inner,
            None => unreachable!("a context holds its transaction until it is dropped"),
        }
    }
}

impl Drop for ConsoleCtx {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.take() {
            *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(inner);
        }
    }
}

impl ConsoleCtx {
    /// Ends the request's transaction now, so that slow work holds no connection while it waits.
    ///
    /// # Errors
    /// A fault when the database cannot be reached.
    pub async fn release(mut self) -> Result<App, Fault> {
        let app = self.app.clone();
        if let Some(inner) = self.inner.take() {
            inner.tx.rollback().await?;
        }
        Ok(app)
    }
}

impl FromRequestParts<App> for ConsoleCtx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let slot = parts
            .extensions
            .get::<Slot>()
            .cloned()
            .ok_or_else(|| Fault::because("a console route was mounted without its guard"))?;
        let inner = slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .ok_or_else(|| Fault::because("a handler asked for its context twice"))?;
        Ok(Self { inner: Some(inner), slot })
    }
}

impl Inner {
    #[must_use]
    pub fn frame(&self) -> Frame {
        let lang = self.lang;
        let mut frame = Frame::new(Place::Console, self.visit.preferences, chrono_tz::America::Sao_Paulo, self.now)
            .nonce(self.visit.nonce.clone())
            .toast(self.toast.clone());
        if self.actor.is_signed_in() {
            let nav = vec![
                NavItem::new(t(lang, "console-unidades"), "/unidades", "buildings"),
                NavItem::new(t(lang, "console-migracoes"), "/migracoes", "layers"),
                NavItem::new(t(lang, "console-auditoria"), "/auditoria", "clock-history"),
            ];
            let email = self.sessao.as_ref().map(|s| s.email.clone()).unwrap_or_default();
            frame = frame
                .nav(vec![NavGroup::unnamed(nav)])
                .create(vec![Action::link(t(lang, "console-nova"), "/unidades/nova", "plus-lg")])
                .account(vec![Action::post(t(lang, "action-sign-out"), "/sair", "box-arrow-right")])
                .user(UserView::new(self.actor.nome.clone(), email));
        }
        frame.at(self.visit.path_and_query.clone())
    }
}

/// The guard of every route of the console.
pub(crate) async fn enter(
    State(app): State<App>,
    Extension(entered): Extension<Entered>,
    request: Request,
    next: Next,
) -> Response {
    let mut request = match web::whole(request, entered.info.body_limit).await {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let inner = match open(&app, &entered, &mut request).await {
        Ok(inner) => inner,
        Err(response) => return *response,
    };
    let shown = inner.toast.is_some() && inner.visit.wants_page;
    let slot: Slot = Arc::new(Mutex::new(Some(inner)));
    request.extensions_mut().insert(Arc::clone(&slot));
    let mut response = next.run(request).await;
    let inner = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(inner) = inner {
        if response.status().is_client_error() || response.status().is_server_error() {
            let _ = inner.tx.rollback().await;
        } else if let Err(fault) = inner.tx.commit().await {
            return Error::from(fault).into_response();
        }
    }
    if shown {
        cookies::clear_toast(&mut response);
    }
    response
}

async fn open(app: &App, entered: &Entered, request: &mut Request) -> Result<Inner, Box<Response>> {
    let answer = |error: Error| Box::new(error.into_response());
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .ok_or_else(|| answer(Fault::because("a request came round the edge").into()))?;
    let headers = request.headers().clone();
    if headers.contains_key(header::AUTHORIZATION) {
        // Tokens are for unidades; here they are somebody's mistake or attempt.
        return Err(answer(Error::status(StatusCode::UNAUTHORIZED, "credentials")));
    }
    let cookie = cookies::get(&headers, CONSOLE_COOKIE);
    if entered.info.mutates && cookie.is_some() && !cookies::same_origin_proved(&headers) {
        return Err(answer(Error::status(StatusCode::FORBIDDEN, "csrf")));
    }
    let mut tx = app.platform.begin().await.map_err(|e| answer(e.into()))?;
    let now = tx.clock().now();
    let sessao = match cookie {
        Some(cookie) => admin::find_sessao(&mut tx, &cookie).await.map_err(|e| answer(e.into()))?,
        None => None,
    };
    let complete = sessao.as_ref().filter(|s| s.complete);
    let actor = match complete {
        Some(s) => s.actor(visit.meta.clone()),
        None => Actor::anonimo(visit.meta.clone()),
    };
    if entered.info.access != Access::Public && complete.is_none() {
        let _ = tx.rollback().await;
        return Err(Box::new(if visit.wants_page {
            let to = if sessao.is_some() { "/entrar/codigo" } else { "/entrar" };
            Redirect::to(to).into_response()
        } else {
            Error::status(StatusCode::UNAUTHORIZED, "unauthenticated").into_response()
        }));
    }
    if let Some(sessao) = complete {
        admin::touch(&mut tx, sessao).await.map_err(|e| answer(e.into()))?;
    }
    let lang = visit.preferences.lang;
    let toast = cookies::toast(&headers, lang);
    Ok(Inner { tx, actor, lang, app: app.clone(), now, sessao, visit, toast })
}
