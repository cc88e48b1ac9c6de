use std::{convert::Infallible, time::Duration};

use axum::{
    Extension, Router,
    handler::Handler,
    http::{Method, StatusCode},
    routing::{MethodRouter, delete, get, patch, post, put},
};
use axum_extra::routing::{SecondElementIs, TypedPath};
use kernel::Permission;
use tower_http::timeout::TimeoutLayer;

use crate::App;

/// Who may come to a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not: login, invitation.
    Public,
    /// Anybody who is signed in: own account, language, theme.
    SignedIn,
    /// Whoever holds the permission in some scope; the command narrows it to the record.
    Needs(Permission),
}

/// A request that gives 2xx on a unidade with samples: the access and isolation matrices send it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Path and query; `{empresa}` stands for the id of a sample of that kind.
    pub target: &'static str,
    /// Body of a form (`a=b&c=d`), of one with a file (`multipart a=b&file=@name.csv`) or JSON; the same placeholders.
    pub body: &'static str,
}

/// What the product knows about a route; the matrices, OpenAPI and the metrics read it.
#[derive(Debug, Clone)]
pub struct RouteInfo {
    pub method: Method,
    /// As in axum: `/empresas/{id}`.
    pub path: &'static str,
    pub access: Access,
    /// Kinds of the ids in the path, in their order.
    pub ids: &'static [&'static str],
    /// Whether a success changes something. GET routes never do, but may leave an audit row (exports).
    pub mutates: bool,
    /// Whether the request transaction may write; follows `mutates` unless the route is audited.
    pub writes: bool,
    /// Body bytes at most.
    pub body_limit: usize,
    /// Whether the handler reads the body itself, piece by piece, instead of finding it whole.
    pub streams: bool,
    pub sample: Sample,
}

/// A route: its path type, method, handler, and what a caller must know. Routes are only ever declared this way.
pub struct Route {
    pub info: RouteInfo,
    handler: MethodRouter<App>,
}

impl Route {
    /// A page or answer that changes nothing.
    pub fn get<H, T, P>(handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        Self::new(Method::GET, P::PATH, access, get(handler))
    }

    pub fn post<H, T, P>(handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        Self::new(Method::POST, P::PATH, access, post(handler))
    }

    pub fn put<H, T, P>(handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        Self::new(Method::PUT, P::PATH, access, put(handler))
    }

    pub fn patch<H, T, P>(handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        Self::new(Method::PATCH, P::PATH, access, patch(handler))
    }

    pub fn delete<H, T, P>(handler: H, access: Access) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        Self::new(Method::DELETE, P::PATH, access, delete(handler))
    }

    fn new(method: Method, path: &'static str, access: Access, handler: MethodRouter<App>) -> Self {
        let mutates = method != Method::GET;
        let info = RouteInfo {
            method,
            path,
            access,
            ids: &[],
            mutates,
            writes: mutates,
            body_limit: DEFAULT_BODY_LIMIT,
            streams: false,
            sample: Sample { target: path, body: "" },
        };
        Self { info, handler }
    }

    /// Kinds of the ids in the path.
    #[must_use]
    pub const fn ids(mut self, kinds: &'static [&'static str]) -> Self {
        self.info.ids = kinds;
        self
    }

    /// A POST that only computes (a preview, a search with a long body).
    #[must_use]
    pub const fn reads(mut self) -> Self {
        self.info.mutates = false;
        self.info.writes = false;
        self
    }

    /// A GET whose use is noted in the audit trail (exports).
    #[must_use]
    pub const fn audited(mut self) -> Self {
        self.info.writes = true;
        self
    }

    #[must_use]
    pub const fn sample(mut self, target: &'static str, body: &'static str) -> Self {
        self.info.sample = Sample { target, body };
        self
    }

    /// Uploads: how many bytes a body may have.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.info.body_limit = bytes;
        self
    }

    /// Uploads that go to the store while they arrive: the body is handed to the handler as it comes. The handler gives its
    /// transaction back ([`crate::Ctx::release`]) before it reads, so that a slow line holds no connection.
    #[must_use]
    pub const fn streams(mut self, bytes: usize) -> Self {
        self.info.body_limit = bytes;
        self.info.streams = true;
        self
    }

    pub(crate) fn mount(self, router: Router<App>, app: &App, module: &'static str) -> Router<App> {
        let guard = axum::middleware::from_fn_with_state(app.clone(), crate::ctx::enter);
        self.mount_behind(router, module, |handler| handler.layer::<_, Infallible>(guard))
    }

    /// Mounts the route on a site that is no unidade's (the console), behind its own `guard`, which finds [`Entered`] in
    /// the request.
    pub fn mount_behind(
        self,
        router: Router<App>,
        module: &'static str,
        guard: impl FnOnce(MethodRouter<App>) -> MethodRouter<App>,
    ) -> Router<App> {
        let limit = axum::extract::DefaultBodyLimit::max(self.info.body_limit);
        let path = self.info.path;
        let entered = Entered { info: self.info.into(), module };
        let time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, entered.info.time());
        let handler = guard(self.handler.layer::<_, Infallible>(limit)).layer::<_, Infallible>(Extension(entered));
        let handler = handler.layer::<_, Infallible>(time);
        router.route(path, handler)
    }
}

impl RouteInfo {
    /// Whether it takes files whole, which are many times larger than what people type.
    pub(crate) const fn is_upload(&self) -> bool {
        self.body_limit > DEFAULT_BODY_LIMIT && !self.streams
    }

    /// How long it may take until the first byte of its answer: some time for the work, and for what comes in a large body as
    /// much as a bad line needs.
    fn time(&self) -> Duration {
        WORK + Duration::from_secs((self.body_limit.saturating_sub(DEFAULT_BODY_LIMIT) / BAD_LINE) as u64)
    }
}

const WORK: Duration = Duration::from_secs(60);
/// Bytes in a second: one Mbit/s, a telephone inside a factory.
const BAD_LINE: usize = 128 * 1024;
/// Forms and JSON; uploads name their own.
const DEFAULT_BODY_LIMIT: usize = 512 * 1024;

/// The route that a request came to, put beside it for the guard before its handler.
#[derive(Debug, Clone)]
pub struct Entered {
    pub info: std::sync::Arc<RouteInfo>,
    pub module: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(TypedPath, serde::Deserialize)]
    #[typed_path("/empresas")]
    struct Empresas;

    #[test]
    fn an_upload_has_the_time_that_a_bad_line_needs() {
        let form = Route::post(async |_: Empresas| (), Access::SignedIn).info;
        assert_eq!(form.time(), WORK);
        let upload = Route::post(async |_: Empresas| (), Access::SignedIn).streams(16 << 20).info;
        assert!(upload.time() > Duration::from_secs(60 + 120), "16 MiB at one Mbit/s take more than two minutes");
        assert!(upload.time() < Duration::from_mins(5));
    }
}
