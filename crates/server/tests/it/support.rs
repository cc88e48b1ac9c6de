//! The whole house over a database of its own, with people and records in both unidades.

mod agenda;
mod cadastros;
mod demandas;
mod sides;
mod visitas;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use kernel::Clock;
use messaging::Links;
use server::{house::House, settings::Settings};
use tenancy::Unidade;
use testkit::Base;
use tower::ServiceExt;
use web::{Access, App, AppParts, RouteInfo};

use self::sides::CSV;

pub(crate) const SENHA: &str = "cavalo-bateria-grampo";
const BASE: &str = "https://sri.example";
/// One transparent pixel.
pub(crate) const PNG: &[u8] = include_bytes!("../pixel.png");

/// As much of one as is looked at.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n";

/// What stands for `{…}` in the samples of routes.
pub(crate) type Ids = BTreeMap<&'static str, String>;

/// One unidade with its people: the administrador's session and API token, and an id of every kind.
pub(crate) struct Side {
    pub unidade: Arc<Unidade>,
    pub cookie: String,
    pub bearer: String,
    pub ids: Ids,
}

pub(crate) struct World {
    pub base: Base,
    pub house: House,
    router: Router,
    /// Documents, as long as the world lasts.
    _files: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text: String = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main).chars().take(900).collect();
        write!(f, "{} {:?} {text}", self.status, self.headers.get(header::LOCATION))
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A cookie as the browser would send it back.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let set = all.into_iter().find(|set| set.starts_with(&format!("{name}=")))?;
        Some(set.split(';').next().unwrap().to_owned()).filter(|pair| !pair.ends_with('='))
    }
}

/// How a request says who it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    Nobody,
    Cookie(&'a str),
    Bearer(&'a str),
}

/// The settings of a process on `base` that keeps documents in `files`.
fn settings(base: &Base, files: &std::path::Path) -> Settings {
    Settings::read(|name| match name {
        "DATABASE_URL" => Some(base.url().to_owned()),
        "SRI_SECRET_KEY" => Some("ab".repeat(32)),
        "SRI_BASE_URL" => Some(BASE.to_owned()),
        "SRI_MAIL_URL" => Some("smtp://127.0.0.1:9".to_owned()),
        "SRI_FILES_DIR" => Some(files.display().to_string()),
        // A test that wants them brings its own.
        "SRI_CNPJ_PROVIDERS" | "SRI_CEP_PROVIDERS" => Some("off".to_owned()),
        _ => None,
    })
    .unwrap()
}

/// What a stream says at once; it would go on for a minute.
async fn opening(mut body: Body) -> Vec<u8> {
    let mut said = Vec::new();
    while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(200), body.frame()).await {
        said.extend(frame.unwrap().into_data().unwrap_or_default());
    }
    said
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(Base::new().await)
    }

    /// With the clock of the processes that a test starts.
    pub(crate) async fn present() -> Self {
        Self::over(Base::present().await)
    }

    /// In an empty database on a server of the test's own.
    pub(crate) async fn on(url: String) -> Self {
        Self::over(Base::furnished(url).await)
    }

    fn over(base: Base) -> Self {
        // The program of the tests cannot parse for itself; the product's can.
        empresas::importacao::parse_with(env!("CARGO_BIN_EXE_sri").into());
        let files = tempfile::tempdir().unwrap();
        let house = House::new(&settings(&base, files.path()), Clock::fixed(base.clock.clone()));
        Self { router: house.router(), house, base, _files: files }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { opening(body).await } else { body.collect().await.unwrap().to_bytes().to_vec() };
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A request as a browser on that host sends it, or as a program does when it has a bearer token.
    pub(crate) async fn ask(&self, host: &str, who: Who<'_>, method: &Method, target: &str, body: &str) -> Answer {
        let mut request =
            Request::builder().method(method).uri(target).header(header::HOST, host).header(header::IF_MATCH, "\"1\"");
        request = match who {
            Who::Bearer(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            Who::Nobody => request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html"),
            Who::Cookie(cookie) => {
                request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html").header(header::COOKIE, cookie)
            }
        };
        let (mime, body) = encoded(body);
        self.send(request.header(header::CONTENT_TYPE, mime).body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn get(&self, host: &str, who: Who<'_>, target: &str) -> Answer {
        self.ask(host, who, &Method::GET, target, "").await
    }

    pub(crate) async fn post(&self, host: &str, who: Who<'_>, target: &str, form: &str) -> Answer {
        self.ask(host, who, &Method::POST, target, form).await
    }

    /// The declared sample of a route with `ids` in it, sent to `host`.
    pub(crate) async fn sample(&self, host: &str, who: Who<'_>, info: &RouteInfo, ids: &Ids) -> Answer {
        // A passagem works in the browser that asked for it.
        let browser = format!("__Host-passagem={}", ids.get("passagem.navegador").map_or("", String::as_str));
        let with = match who {
            Who::Cookie(cookie) => format!("{cookie}; {browser}"),
            _ => browser,
        };
        let who = match who {
            Who::Bearer(token) => Who::Bearer(token),
            _ if info.path.starts_with("/unidades/") => Who::Cookie(&with),
            who => who,
        };
        self.ask(host, who, &info.method, &filled(info.sample.target, ids), &filled(info.sample.body, ids)).await
    }

    /// The same house with other modules.
    pub(crate) fn with_modules(mut self, modules: Vec<web::Module>) -> Self {
        let app = &self.house.app;
        self.router = web::edge(
            &App::new(AppParts {
                config: app.config.clone(),
                tenants: app.tenants.clone(),
                platform: app.platform.clone(),
                registry: app.registry.clone(),
                identity: Box::new(acesso::Porteiro::new(self.base.config.master_key.clone(), app.platform.clone())),
                modules,
                clock: app.clock.clone(),
                files: app.files.clone(),
                stopping: app.stopping.clone(),
                live: app.live.clone(),
                values: app.values.clone(),
            }),
            Router::new(),
        );
        self
    }

    /// One text, asked as the superuser.
    pub(crate) async fn text(&self, sql: &str) -> String {
        self.base.text(sql).await
    }

    /// What a unidade holds, without what is noted about a visit: the trail, attempts at signing in, the last use.
    pub(crate) async fn contents(&self, unidade: &Unidade) -> String {
        let prints = self.base.fingerprint(unidade).await;
        let noted = ["auditoria:", "tentativa:", "sessao:", "token_api:", "usuario:", "agenda_assinatura:"];
        prints.split(';').filter(|print| !noted.iter().any(|table| print.starts_with(table))).collect::<Vec<_>>().join(";")
    }
}

/// Host of a unidade.
pub(crate) fn host(unidade: &Unidade) -> String {
    format!("{}.sri.example", unidade.slug)
}

pub(crate) fn links() -> Links {
    Links::new(BASE, "console").unwrap()
}

/// Every route of the unidades, with the name of its module.
pub(crate) fn routes() -> Vec<RouteInfo> {
    server::house::modules().iter().flat_map(web::Module::route_infos).collect()
}

/// Codes of all permissões that the modules declare.
pub(crate) fn permissions() -> Vec<String> {
    server::house::modules().iter().flat_map(|module| module.permissions).map(|info| info.permission.code().to_owned()).collect()
}

pub(crate) fn is_api(info: &RouteInfo) -> bool {
    info.path.starts_with("/api/")
}

/// Whether somebody has to be signed in.
pub(crate) fn is_closed(info: &RouteInfo) -> bool {
    info.access != Access::Public
}

/// `text` with the ids in their places.
pub(crate) fn filled(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (key, id)| text.replace(&format!("{{{key}}}"), id))
}

/// A sample's body and its type: JSON, `multipart a=b&file=@name`, or a form.
fn encoded(body: &str) -> (&'static str, Vec<u8>) {
    if body.starts_with('{') {
        return ("application/json", body.as_bytes().to_vec());
    }
    let Some(fields) = body.strip_prefix("multipart ") else {
        return ("application/x-www-form-urlencoded", body.as_bytes().to_vec());
    };
    let mut out = Vec::new();
    for (name, value) in url::form_urlencoded::parse(fields.as_bytes()) {
        out.extend_from_slice(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}").as_bytes());
        match value.strip_prefix('@') {
            Some(file) => {
                let head = format!("\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(match () {
                    () if file.contains(".png") => PNG,
                    () if file.contains(".pdf") => PDF,
                    () => CSV.as_bytes(),
                });
            }
            None => out.extend_from_slice(format!("\"\r\n\r\n{value}").as_bytes()),
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"--limit--\r\n");
    ("multipart/form-data; boundary=limit", out)
}
