//! What stands before every route: who comes, whether they may, and how the answer ends the request's transaction.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, ActorKind, Denied, Fault, RequestMeta};
use tenancy::{Change, Entry, Mode, TenantTx, TxLimits, Unidade};
use uuid::Uuid;

use super::{Inner, Slot};
use crate::{
    App, Error, Quota, Site,
    cookies::{self, SESSION_COOKIE},
    edge::Visit,
    extract,
    identity::{SignedIn, Suporte},
    route::{Access, Entered, RouteInfo},
};

/// The middleware of every route; see the module's page.
pub(crate) async fn enter(
    State(app): State<App>,
    Extension(entered): Extension<Entered>,
    mut request: Request,
    next: Next,
) -> Response {
    // Whoever may not send a file hears so before it is taken in.
    if entered.info.is_upload() {
        match open(&app, &entered, &mut request, 0).await {
            Ok(opened) => drop(opened.inner.tx.rollback().await),
            Err(response) => return *response,
        }
    }
    let mut request = if entered.info.streams {
        request
    } else {
        match extract::whole(request, entered.info.body_limit).await {
            Ok(request) => request,
            Err(error) => return error.into_response(),
        }
    };
    match open(&app, &entered, &mut request, 1).await {
        Ok(opened) => {
            let (wants_page, quota) = (opened.visit_wants_page, opened.quota);
            let slot: Slot = Arc::new(Mutex::new(Some(opened.inner)));
            request.extensions_mut().insert(Arc::clone(&slot));
            let mut response = next.run(request).await;
            let inner = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            // None: the handler took the transaction with it, or never gave it back.
            if let Some(inner) = inner {
                response =
                    close(&app, inner, Noting { touch: opened.touch, tell: quota.is_some_and(|quota| quota.tell) }, response)
                        .await;
            }
            if let Some(quota) = quota {
                quota.write(response.headers_mut());
            }
            // Where one is only led on, what is to be told waits for the page.
            if wants_page && !response.status().is_redirection() {
                cookies::clear_toast(&mut response);
            }
            response
        }
        Err(response) => *response,
    }
}

struct Opened {
    inner: Inner,
    touch: bool,
    quota: Option<Quota>,
    visit_wants_page: bool,
}

/// `uses`: how many requests of a program this one counts for.
async fn open(app: &App, entered: &Entered, request: &mut Request, uses: u32) -> Result<Opened, Box<Response>> {
    let answer = |error: Error| Box::new(error.into_response());
    let info = &entered.info;
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .ok_or_else(|| answer(Fault::because("a request came round the edge").into()))?;
    let credential = Credential::of(request.headers()).map_err(answer)?;
    let unidade = unidade(app, &visit.site, &credential).await.map_err(answer)?;
    served(app, entered, &unidade).map_err(answer)?;
    if info.mutates && matches!(credential, Credential::Cookie(_)) && !cookies::same_origin_proved(request.headers()) {
        // A browser always says where a POST comes from; a cookie without that is not a browser of the person's.
        return Err(answer(Error::status(StatusCode::FORBIDDEN, "csrf")));
    }
    if let Credential::Bearer(token) = &credential
        && let Some(quota) = app.identity.spent(token, app.clock.now())
    {
        return Err(Box::new(quota.refusal()));
    }

    let mode = if info.writes { Mode::Write } else { Mode::Read };
    let mut tx = app.tenants.begin(&unidade, mode, TxLimits::REQUEST).await.map_err(|e| answer(e.into()))?;
    let signed_in = who(app, &mut tx, &credential).await.map_err(answer)?;
    let suporte = signed_in.as_ref().and_then(|s| s.suporte.clone());
    let lang = signed_in.as_ref().and_then(|s| s.lang).unwrap_or(visit.preferences.lang);
    let spend = |program: &SignedIn| Some(app.identity.spend(program.actor.id?, program.pace?, tx.clock().now(), uses));
    let quota = signed_in.as_ref().and_then(spend);
    if let Some(quota) = quota.filter(|quota| quota.over) {
        let _ = tx.rollback().await;
        return Err(Box::new(quota.refusal()));
    }
    let zone = signed_in.as_ref().and_then(|s| s.zone);
    let foto = signed_in.as_ref().and_then(|s| s.foto.clone());
    let vizinhas = signed_in.as_ref().is_some_and(|s| s.vizinhas);
    let (actor, email, session, unread, touch) = match signed_in {
        Some(s) => (Actor { meta: visit.meta.clone(), ..s.actor }, s.email, s.session, s.unread, s.touch),
        None => (Actor::anonimo(visit.meta.clone()), String::new(), None, None, false),
    };
    if info.access != Access::Public && !actor.is_signed_in() {
        let _ = tx.rollback().await;
        return Err(Box::new(sign_in_first(&visit, info)));
    }
    if let Err(refused) = admitted(&actor, suporte.as_ref(), info) {
        let _ = tx.rollback().await;
        let mut response = answer(told(app, &unidade, &actor, info, refused).await);
        if let Some(quota) = quota {
            quota.write(response.headers_mut());
        }
        return Err(response);
    }
    let toast = cookies::toast(request.headers(), lang);
    let visit_wants_page = toast.is_some() && visit.wants_page;
    let inner = Inner {
        now: tx.clock().now(),
        tx,
        actor,
        unidade,
        lang,
        app: app.clone(),
        session,
        info: Arc::clone(info),
        suporte,
        email,
        foto,
        zone,
        unread,
        vizinhas,
        visit,
        toast,
    };
    Ok(Opened { inner, touch, quota, visit_wants_page })
}

/// Why somebody who is known may not enter.
enum Refused {
    /// Of the platform, beyond what the unidade allows.
    Suporte,
    Denied(Denied),
}

fn admitted(actor: &Actor, suporte: Option<&Suporte>, info: &RouteInfo) -> Result<(), Refused> {
    if suporte.is_some_and(|suporte| !suporte.may_enter(info)) {
        return Err(Refused::Suporte);
    }
    match &info.access {
        Access::Public | Access::SignedIn => Ok(()),
        Access::Needs(permission) => actor.require(permission).map(drop).map_err(Refused::Denied),
    }
}

/// A refusal as its page says it, once the trail has it.
async fn told(app: &App, unidade: &Arc<Unidade>, actor: &Actor, info: &RouteInfo, refused: Refused) -> Error {
    match refused {
        Refused::Suporte => {
            record_refusal(app, unidade, actor, info, "").await;
            Error::status(StatusCode::FORBIDDEN, "suporte-limites")
        }
        Refused::Denied(denied) => {
            let granting = record_refusal(app, unidade, actor, info, denied.permission.code()).await;
            let mut error = Error::from(denied);
            error.granted_by(granting);
            error
        }
    }
}

/// Whether the unidade is open, and has the module that was entered.
fn served(app: &App, entered: &Entered, unidade: &Unidade) -> Result<(), Error> {
    if !unidade.status.is_served() {
        return Err(closed(unidade));
    }
    let module = app.modules.iter().find(|module| module.name == entered.module);
    if module.is_none_or(|module| !module.core && !unidade.has_module(module.name)) {
        return Err(Error::not_found());
    }
    Ok(())
}

/// Who comes with the credential; a token that counts for nothing is refused, a cookie is nobody's.
async fn who(app: &App, tx: &mut TenantTx, credential: &Credential) -> Result<Option<SignedIn>, Error> {
    match credential {
        Credential::None => Ok(None),
        Credential::Cookie(cookie) => {
            let mut found = app.identity.by_session(tx, cookie).await?;
            if let Some(SignedIn { actor, suporte: Some(suporte), .. }) = &mut found {
                actor.grants = suporte.grants(&app.modules);
            }
            Ok(found)
        }
        Credential::Bearer(token) => {
            let found = app.identity.by_token(tx, token).await?;
            found.map(Some).ok_or_else(|| Error::status(StatusCode::UNAUTHORIZED, "token"))
        }
    }
}

/// What is noted about a visit once it is answered.
#[derive(Clone, Copy)]
struct Noting {
    /// The last use is old enough.
    touch: bool,
    /// A program's uses are many enough, also those that were refused.
    tell: bool,
}

/// Ends the request's transaction by its answer.
async fn close(app: &App, inner: Inner, noting: Noting, mut response: Response) -> Response {
    let Inner { tx, actor, unidade, session, info, .. } = inner;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let _ = tx.rollback().await;
        if let Some(error) = response.extensions_mut().get_mut::<Error>()
            && let Some(missing) = error.missing().map(|missing| missing.code().to_owned())
        {
            error.granted_by(record_refusal(app, &unidade, &actor, &info, &missing).await);
        }
        if noting.tell {
            note_use(app, &unidade, &actor, session).await;
        }
        return response;
    }
    if let Err(fault) = tx.commit().await {
        return Error::from(fault).into_response();
    }
    if noting.touch || noting.tell {
        note_use(app, &unidade, &actor, session).await;
    }
    response
}

async fn note_use(app: &App, unidade: &Arc<Unidade>, actor: &Actor, session: Option<Uuid>) {
    let touched = app.tenants.record(unidade, async |tx: &mut TenantTx| app.identity.touch(tx, actor, session).await).await;
    if let Err(fault) = touched {
        tracing::warn!(%fault, "the last use of a session or token could not be noted");
    }
}

/// A refusal survives the rollback that it causes (architecture 8.2, ASVS V16.3.2). Answers who could give the person what they
/// miss.
async fn record_refusal(app: &App, unidade: &Arc<Unidade>, actor: &Actor, info: &RouteInfo, permission: &str) -> Vec<String> {
    let change = Change {
        before: None,
        after: Some(serde_json::json!({ "route": info.path, "method": info.method.as_str(), "permission": permission })),
    };
    let entry = Entry { action: "acesso.recusado", entity: "rota", entity_id: None, change };
    let recorded = app
        .tenants
        .record(unidade, async |tx: &mut TenantTx| {
            tx.audit(actor, entry).await?;
            // Only colleagues are named, and to people alone.
            if actor.usuario().is_some() { app.identity.grantors(tx).await } else { Ok(Vec::new()) }
        })
        .await;
    recorded.unwrap_or_else(|fault: Fault| {
        tracing::error!(%fault, "a refusal could not be recorded");
        Vec::new()
    })
}

fn sign_in_first(visit: &Visit, info: &RouteInfo) -> Response {
    if visit.wants_page {
        let back: String = if info.method == Method::GET {
            percent_encoding::utf8_percent_encode(&visit.path_and_query, percent_encoding::NON_ALPHANUMERIC).to_string()
        } else {
            String::new()
        };
        return Redirect::to(&format!("/entrar?voltar={back}")).into_response();
    }
    let mut response = Error::status(StatusCode::UNAUTHORIZED, "unauthenticated").into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    response
}

fn closed(unidade: &Unidade) -> Error {
    let error = match unidade.status {
        tenancy::Status::Suspended => Error::status(StatusCode::FORBIDDEN, "unidade-suspended"),
        _ => Error::status(StatusCode::SERVICE_UNAVAILABLE, "unidade-closed"),
    };
    error.noted(unidade.status_reason.clone())
}

/// How somebody says who they are: at most one way per request.
enum Credential {
    None,
    Cookie(String),
    Bearer(String),
}

impl Credential {
    fn of(headers: &HeaderMap) -> Result<Self, Error> {
        let ambiguous = || Error::status(StatusCode::UNAUTHORIZED, "credentials");
        let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
        let bearer = match authorizations.next() {
            None => None,
            Some(value) => {
                let text = value.to_str().map_err(|_| ambiguous())?;
                let (scheme, token) = text.split_once(' ').ok_or_else(ambiguous)?;
                if !scheme.eq_ignore_ascii_case("bearer") || token.len() > 4096 {
                    return Err(ambiguous());
                }
                Some(token.trim().to_owned())
            }
        };
        if authorizations.next().is_some() {
            return Err(ambiguous());
        }
        match (bearer, cookies::get(headers, SESSION_COOKIE)) {
            (Some(_), Some(_)) => Err(ambiguous()),
            (Some(token), None) => Ok(Self::Bearer(token)),
            (None, Some(cookie)) => Ok(Self::Cookie(cookie)),
            (None, None) => Ok(Self::None),
        }
    }
}

/// On a unidade's host a token must be for it; on the bare API host the token alone says which (P-4, P-5).
async fn unidade(app: &App, site: &Site, credential: &Credential) -> Result<Arc<Unidade>, Error> {
    let refused = || Error::status(StatusCode::UNAUTHORIZED, "token");
    match (site, credential) {
        (Site::Unidade(unidade), Credential::Bearer(token)) => {
            if app.identity.audience(token) == Some(unidade.id) {
                return Ok(Arc::clone(unidade));
            }
            // A made-up token is no news: anybody could fill the trail with them.
            if unidade.status.is_served() && app.identity.is_genuine(token, app.clock.now()) {
                let program = Actor { kind: ActorKind::Token, ..Actor::anonimo(RequestMeta::default()) };
                let _ = record_refusal(app, unidade, &program, &FOREIGN_TOKEN, "").await;
            }
            Err(refused())
        }
        (Site::Unidade(unidade), _) => Ok(Arc::clone(unidade)),
        (Site::Api, Credential::Bearer(token)) => {
            let id = app.identity.audience(token).ok_or_else(refused)?;
            app.registry.by_id(id).await?.filter(|unidade| unidade.status.is_visible()).ok_or_else(refused)
        }
        (Site::Api, _) => Err(Error::status(StatusCode::UNAUTHORIZED, "unauthenticated")),
        (Site::Console, _) => Err(Error::not_found()),
    }
}

/// Stands in the audit row of a token that names another unidade than the host.
static FOREIGN_TOKEN: std::sync::LazyLock<RouteInfo> = std::sync::LazyLock::new(|| RouteInfo {
    method: Method::GET,
    path: "(token of another unidade)",
    access: Access::SignedIn,
    ids: &[],
    mutates: false,
    writes: false,
    body_limit: 0,
    streams: false,
    sample: crate::Sample::default(),
});
