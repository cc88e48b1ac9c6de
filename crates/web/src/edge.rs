//! The outermost ring: limits, request id, headers that every answer carries, which site it is, and the one place where an
//! error becomes a page or a document.

use std::{net::IpAddr, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Lang, RequestMeta};
use tower::ServiceExt;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    csrf::CsrfLayer,
    timeout::RequestBodyTimeoutLayer,
};
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    App, Error, Site, docs,
    frame::{Habits, Preferences},
    host::{self, HostError},
    map::ImagesFrom,
    module,
    serve::Peer,
};

/// What the edge knows of a request, for everything behind it.
#[derive(Debug, Clone)]
pub struct Visit {
    pub site: Site,
    pub meta: RequestMeta,
    pub preferences: Preferences,
    /// A browser that wants HTML; programs get JSON.
    pub wants_page: bool,
    /// Asked by htmx for a part of a page.
    pub wants_part: bool,
    pub nonce: String,
    pub path_and_query: String,
}

/// How long a body may pause between two pieces.
const BODY_PAUSE: Duration = Duration::from_secs(15);
/// Bytes of the request line's target and of all header fields. The connection's buffer is no limit: a head that comes in one
/// piece may be longer.
const TARGET_BYTES: usize = 8 * 1024;
const FIELDS_BYTES: usize = 32 * 1024;

#[derive(Clone)]
struct Sites {
    unidade: Router,
    api: Router,
    console: Router,
}

/// The whole house as one service. `console` is the platform admins' site, mounted on its own host only.
pub fn edge(app: &App, console: Router) -> Router {
    let (unidade, api) = module::routers(app);
    let docs = docs::router(app);
    let (unidade, api) = (unidade.merge(docs.clone()), api.merge(docs));
    let not_found = || async { Error::not_found() };
    let sites = Sites {
        unidade: with_assets(unidade).fallback(not_found).method_not_allowed_fallback(method_not_allowed),
        api: api.fallback(not_found).method_not_allowed_fallback(method_not_allowed),
        console: with_assets(console).fallback(not_found).method_not_allowed_fallback(method_not_allowed),
    };
    let csrf = CsrfLayer::new().with_rejection_response(|_| Error::status(StatusCode::FORBIDDEN, "csrf").into_response());
    Router::new()
        .fallback(dispatch)
        .with_state(sites)
        .layer(csrf)
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(from_fn_with_state(app.clone(), arrive))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(CatchPanicLayer::custom(panicked))
}

/// Chooses the site by what [`arrive`] resolved.
async fn dispatch(State(sites): State<Sites>, request: Request) -> Response {
    let site = request.extensions().get::<Visit>().map(|visit| &visit.site);
    let router = match site {
        Some(Site::Unidade(_)) => sites.unidade,
        Some(Site::Api) => sites.api,
        Some(Site::Console) => sites.console,
        None => return Error::not_found().into_response(),
    };
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn method_not_allowed() -> Error {
    Error::status(StatusCode::METHOD_NOT_ALLOWED, "method")
}

#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("?");
    tracing::error!(panic = text, "a handler panicked");
    let error = Error::status(StatusCode::INTERNAL_SERVER_ERROR, "fault");
    let mut response = axum::Json(error.problem(Lang::default(), None)).into_response();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    secure(response.headers_mut(), "", None);
    response
}

/// What inline scripts and styles of one answer must carry (CSP).
#[expect(clippy::disallowed_methods, reason = "a nonce is a secret: it must not repeat, not even under a test's clock")]
fn nonce() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// Names the request, resolves its site, and dresses the answer.
async fn arrive(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.clock.uuid();
    let started = std::time::Instant::now();
    let nonce = nonce();
    let headers = request.headers();
    let method = request.method().clone();

    let unfit = unfit(&request);
    let host = host::authority(request.version(), request.uri(), headers);
    let site = match host {
        Ok(host) if unfit.is_none() => app.site(&host).await,
        Ok(_) => Ok(Err(HostError::Malformed)),
        Err(error) => Ok(Err(error)),
    };
    let habits = match &site {
        Ok(Ok(Site::Unidade(unidade))) => Habits::of(&unidade.tema),
        _ => Habits::default(),
    };
    let visit_facts = Facts {
        preferences: preferences(headers, habits),
        wants_page: wants_page(headers, request.uri().path()),
        head: method == Method::HEAD,
    };
    let span = tracing::info_span!("request", id = %id, unidade = tracing::field::Empty);
    let response = match site {
        Ok(Ok(site)) => {
            if let Site::Unidade(unidade) = &site {
                span.record("unidade", unidade.slug.as_str());
            }
            let visit = Visit {
                site,
                meta: meta(&app, &request, id),
                preferences: visit_facts.preferences,
                wants_page: visit_facts.wants_page,
                wants_part: request.headers().contains_key("hx-request"),
                nonce: nonce.clone(),
                path_and_query: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            };
            request.extensions_mut().insert(visit);
            next.run(request).instrument(span.clone()).await
        }
        Ok(Err(_)) if let Some(status) = unfit => Error::status(status, "head").into_response(),
        Ok(Err(HostError::Malformed)) => Error::status(StatusCode::BAD_REQUEST, "host").into_response(),
        Ok(Err(HostError::Unknown)) => Error::status(StatusCode::MISDIRECTED_REQUEST, "unknown-host").into_response(),
        Err(fault) => Error::from(fault).into_response(),
    };
    let mut response = span.in_scope(|| dress(response, &visit_facts, id, &nonce));
    let images = response.extensions_mut().remove::<ImagesFrom>();
    secure(response.headers_mut(), &nonce, images.as_ref());
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let took = started.elapsed();
    let status = response.status();
    metrics::counter!("http_requests_total", "method" => method.as_str().to_owned(), "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!("http_request_seconds").record(took.as_secs_f64());
    span.in_scope(|| tracing::info!(%method, status = status.as_u16(), took_us = took.as_micros(), "answered"));
    response
}

/// A head that is refused before anybody looks for its unidade: too long, or with a NUL, which no text of ours holds.
fn unfit(request: &Request) -> Option<StatusCode> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > TARGET_BYTES {
        return Some(StatusCode::URI_TOO_LONG);
    }
    if uri.path_and_query().is_some_and(|target| target.as_str().contains("%00")) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    (fields > FIELDS_BYTES).then_some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
}

struct Facts {
    preferences: Preferences,
    wants_page: bool,
    head: bool,
}

/// Writes the body of an error, once, in the reader's language and form; logs a fault, once.
fn dress(mut response: Response, facts: &Facts, id: Uuid, nonce: &str) -> Response {
    let Some(error) = response.extensions_mut().remove::<Error>() else {
        return response;
    };
    if let Some(fault) = error.fault() {
        tracing::error!(incident = %id, fault, "request failed");
    }
    let lang = facts.preferences.lang;
    let (mut parts, _) = response.into_parts();
    let body = if facts.head {
        axum::body::Body::empty()
    } else if facts.wants_page {
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        crate::error_page::render(&error, facts.preferences, id, nonce).into()
    } else {
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        error.problem(lang, Some(id)).to_string().into()
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// Headers of every answer (ASVS V3.4). A handler may set its own policy for content it serves apart.
fn secure(headers: &mut HeaderMap, nonce: &str, images: Option<&ImagesFrom>) {
    let images = images.map(|ImagesFrom(origin)| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:{images}; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    if let (false, Ok(policy)) = (headers.contains_key(header::CONTENT_SECURITY_POLICY), HeaderValue::from_str(&policy)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Private answers stay out of every cache; assets say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn wants_page(headers: &HeaderMap, path: &str) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accept.contains("text/html")
}

fn preferences(headers: &HeaderMap, habits: Habits) -> Preferences {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    Preferences::from_headers(text(header::COOKIE), text(header::ACCEPT_LANGUAGE), habits)
}

fn meta(app: &App, request: &Request, id: Uuid) -> RequestMeta {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    RequestMeta {
        ip: peer.map(|peer| client_address(peer, request.headers(), &app.config.trusted_proxies)),
        user_agent: agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(300).collect()),
        request_id: Some(id),
    }
}

/// The client's address: the peer's own, or, when the peer is a configured proxy, the last address in `X-Forwarded-For`
/// that no configured proxy wrote for itself.
fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[ipnet::IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let trusted = |ip: IpAddr| proxies.iter().any(|net| net.contains(&ip));
    if !trusted(peer) {
        return peer;
    }
    let hops: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        let Ok(ip) = hop.trim().parse::<IpAddr>() else { break };
        client = ip.to_canonical();
        if !trusted(client) {
            break;
        }
    }
    client
}

fn with_assets(router: Router) -> Router {
    router
        .route("/assets/{name}", axum::routing::get(crate::assets::file))
        .route("/preferencias", axum::routing::post(crate::assets::preferences))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_count_only_from_a_configured_proxy() {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.1.1.1, 203.0.113.7, 10.0.0.2"));
        let of = |peer: &str| client_address(peer.parse().unwrap(), &headers, &proxies).to_string();
        assert_eq!(of("198.51.100.1"), "198.51.100.1", "a stranger may write what he likes");
        assert_eq!(of("10.0.0.1"), "203.0.113.7", "what stands left of an untrusted hop is hearsay");
        assert_eq!(of("::ffff:10.0.0.1"), "203.0.113.7");
    }
}
