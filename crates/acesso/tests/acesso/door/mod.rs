//! The pages from the outside: request in, answer out, through the whole of `web`.

mod inside;
mod programs;
mod ways_in;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use http_body_util::BodyExt;
use testkit::Base;
use tower::ServiceExt;
use web::{App, AppParts, WebConfig, edge};

use crate::house::{SENHA, person, porteiro};

const FORM: &str = "application/x-www-form-urlencoded";

struct Door {
    base: Base,
    router: Router,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap())
    }

    /// The sessão's cookie as the browser would send it.
    fn cookie(&self) -> Option<String> {
        let set = self.set_cookies().find(|set| set.starts_with("__Host-sessao="))?;
        Some(set.split(';').next().unwrap().to_owned())
    }
}

impl Door {
    async fn new() -> Self {
        let base = Base::new().await;
        let app = App::new(AppParts {
            config: WebConfig { base: "https://sri.example".parse().unwrap(), trusted_proxies: Vec::new(), dev: false },
            tenants: base.tenants.clone(),
            platform: base.platform.clone(),
            registry: base.registry.clone(),
            identity: Box::new(porteiro(&base)),
            modules: vec![acesso::module()],
            clock: base.tenants.clock().clone(),
            // Nothing here keeps a document.
            files: files::Files::new(files::FilesConfig::folder("/nonexistent".into())),
            stopping: tokio_util::sync::CancellationToken::new(),
            live: web::live::Live::new(tokio_util::sync::CancellationToken::new()),
            values: axum::http::Extensions::default(),
        });
        Self { router: edge(&app, Router::new()), base }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(browser(Method::GET, path, cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.post_as(path, cookie, FORM, form.to_owned().into_bytes()).await
    }

    async fn post_as(&self, path: &str, cookie: &str, mime: &str, body: Vec<u8>) -> Answer {
        self.send(browser(Method::POST, path, cookie).header(header::CONTENT_TYPE, mime).body(Body::from(body)).unwrap()).await
    }

    async fn api(&self, host: &str, bearer: Option<&str>) -> Answer {
        let mut request = Request::get("/api/v1/whoami").header(header::HOST, host);
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Signs somebody with that perfil in and gives the cookie.
    async fn signed_in(&self, perfil: &str, email: &str) -> String {
        person(&self.base, perfil, email).await;
        let answer = self.post("/entrar", "", &format!("email={email}&senha={SENHA}")).await;
        answer.cookie().unwrap_or_else(|| panic!("{} {}", answer.status, answer.body))
    }
}

fn browser(method: Method, path: &str, cookie: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "alfa.sri.example")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
}
