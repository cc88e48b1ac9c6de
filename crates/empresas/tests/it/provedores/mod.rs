//! A server that stands in for the companies outside: it speaks their JSON, with their failures, over TCP.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use empresas::consulta::{ConsultaConfig, Consultas};
use kernel::{Clock, Cnpj};
use tenancy::Platform;

/// How the server answers from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As on a good day.
    Well,
    /// 429 with this many seconds, or without saying.
    Limited(Option<u64>),
    Status(u16),
    /// 200 and an HTML page.
    Garbage,
    /// A good answer about somebody else.
    Another,
    /// More than anybody wants to read, without a length.
    Huge,
    /// To a place of the server's own that is asked for by nobody else.
    Redirect,
    /// Says the head and then nothing.
    Silent,
    /// There is no such CNPJ or CEP.
    Absent,
}

#[derive(Clone)]
pub(crate) struct Provedores {
    pub address: String,
    state: Arc<Mutex<Inner>>,
}

struct Inner {
    clock: Clock,
    moods: [(&'static str, Mood); 3],
    asked: Vec<Asked>,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub path: String,
    pub authorization: Option<String>,
    pub at: DateTime<Utc>,
}

const RECEITAWS: &str = include_str!("receitaws.json");
const BRASILAPI: &str = include_str!("brasilapi.json");

impl Provedores {
    pub(crate) async fn start(clock: Clock) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let moods = ["receitaws", "brasilapi", "viacep"].map(|name| (name, Mood::Well));
        let state = Arc::new(Mutex::new(Inner { clock, moods, asked: Vec::new() }));
        let server = Self { address, state };
        let router = Router::new().fallback(answer).with_state(server.clone());
        #[expect(clippy::disallowed_methods, reason = "the server lives as long as its test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub(crate) fn set(&self, name: &str, mood: Mood) {
        let mut inner = self.state.lock().unwrap();
        inner.moods.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, old)| *old = mood);
    }

    /// What was asked so far of one of them.
    pub(crate) fn asked(&self, name: &str) -> Vec<Asked> {
        let prefix = format!("/{name}/");
        self.state.lock().unwrap().asked.iter().filter(|asked| asked.path.starts_with(&prefix)).cloned().collect()
    }

    /// Both providers of CNPJs, as a process is configured with them; `names` in order.
    pub(crate) fn consultas(&self, platform: &Platform, names: &[&str]) -> Consultas {
        self.with(platform, names, "", "receitaws=3 brasilapi=600")
    }

    pub(crate) fn with(&self, platform: &Platform, names: &[&str], tokens: &str, limits: &str) -> Consultas {
        let cnpj: Vec<String> = names.iter().map(|name| format!("{name}={}/{name}", self.address)).collect();
        let cep = format!("viacep={0}/viacep/ws brasilapi={0}/brasilapi", self.address);
        let config = ConsultaConfig::read(&cnpj.join(" "), &cep, tokens, limits, Duration::from_secs(2)).unwrap();
        Consultas::new(config, platform.clone())
    }
}

async fn answer(State(server): State<Provedores>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let name = path.split('/').nth(1).unwrap_or_default().to_owned();
    let mood = {
        let mut inner = server.state.lock().unwrap();
        let authorization = request.headers().get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
        let at = inner.clock.now();
        inner.asked.push(Asked { path: path.clone(), authorization, at });
        inner.moods.iter().find(|(known, _)| *known == name).map_or(Mood::Well, |(_, mood)| *mood)
    };
    match mood {
        Mood::Well => json(well(&path, &name)),
        Mood::Limited(seconds) => {
            let text = "Too many requests, please try again later.";
            match seconds {
                Some(seconds) => {
                    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], text).into_response()
                }
                None => (StatusCode::TOO_MANY_REQUESTS, text).into_response(),
            }
        }
        Mood::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Garbage => axum::response::Html("<h1>502 Bad Gateway</h1>").into_response(),
        Mood::Another => json(well("/receitaws/cnpj/19131243000197", &name)),
        Mood::Huge => {
            let spaces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 65_536]));
            Response::new(Body::from_stream(spaces))
        }
        Mood::Redirect => {
            (StatusCode::FOUND, [(header::LOCATION, format!("{}/elsewhere/secret", server.address))]).into_response()
        }
        Mood::Silent => Response::new(Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>())),
        Mood::Absent => absent(&path, &name),
    }
}

fn well(path: &str, name: &str) -> String {
    match name {
        _ if path.contains("/cep/") => {
            r#"{"cep":"89219600","state":"SC","city":"Joinville","neighborhood":"Zona Industrial Norte","street":"Rua Dona Francisca","service":"open-cep"}"#.to_owned()
        }
        "viacep" => {
            r#"{"cep":"89219-600","logradouro":"Rua Dona Francisca","complemento":"de 8000/8001 ao fim","unidade":"","bairro":"Zona Industrial Norte","localidade":"Joinville","uf":"SC","estado":"Santa Catarina","regiao":"Sul","ibge":"4209102","gia":"","ddd":"47","siafi":"8179"}"#.to_owned()
        }
        "brasilapi" => BRASILAPI.replace("{cnpj}", last(path)),
        _ => RECEITAWS.replace("{cnpj}", &last(path).parse::<Cnpj>().unwrap().to_string()),
    }
}

fn absent(path: &str, name: &str) -> Response {
    match name {
        "receitaws" => json(r#"{"status":"ERROR","message":"CNPJ rejeitado pela Receita Federal"}"#.to_owned()),
        "viacep" => json(r#"{"erro":"true"}"#.to_owned()),
        _ => {
            let body =
                format!(r#"{{"message":"CNPJ {} não encontrado.","type":"not_found","name":"NotFoundError"}}"#, last(path));
            (StatusCode::NOT_FOUND, json(body)).into_response()
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').find(|part| !part.is_empty()).unwrap()
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
