//! Another house that says who somebody is: OpenID Connect over a socket, as its specification has it, with its lies on demand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub(super) const CLIENT: &str = "sri";
pub(super) const SEGREDO: &str = "s3cret-of-the-client";

/// What it does to the ID token before it is signed, or instead of that.
#[derive(Debug, Clone, Default)]
pub(super) struct Lie {
    /// Claims that are changed; `null` takes one away.
    pub claims: Value,
    /// `none`: not signed; `HS256`: signed with our own segredo; `other`: by another key.
    pub signed: &'static str,
    /// What it publishes of itself names another issuer.
    pub issuer: Option<String>,
}

#[derive(Default)]
struct Inner {
    base: String,
    lie: Lie,
    /// What each code was given out for.
    codes: HashMap<String, HashMap<String, String>>,
    asked: u32,
}

#[derive(Clone)]
pub(super) struct Casa(Arc<Mutex<Inner>>);

impl Casa {
    pub(super) async fn open() -> Self {
        let casa = Self(Arc::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        casa.0.lock().unwrap().base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(published))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/login/oauth/access_token", post(access_token))
            .route("/api/v3/user", get(user))
            .route("/api/v3/user/emails", get(emails))
            .with_state(casa.clone());
        #[expect(clippy::disallowed_methods, reason = "another house lives as long as its test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        casa
    }

    pub(super) fn base(&self) -> String {
        self.0.lock().unwrap().base.clone()
    }

    pub(super) fn lie(&self, lie: Lie) {
        self.0.lock().unwrap().lie = lie;
    }

    /// How often a code was handed in.
    pub(super) fn asked(&self) -> u32 {
        self.0.lock().unwrap().asked
    }

    /// Somebody who signs in there: the browser comes with `ida`, and goes back with this code and state.
    pub(super) fn sign_in(&self, ida: &str) -> (String, String) {
        let asked: HashMap<String, String> = Url::parse(ida).unwrap().query_pairs().into_owned().collect();
        assert_eq!((asked["client_id"].as_str(), asked["response_type"].as_str()), (CLIENT, "code"));
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut inner = self.0.lock().unwrap();
        let code = format!("code-{}", inner.codes.len());
        let state = asked["state"].clone();
        inner.codes.insert(code.clone(), asked);
        (code, state)
    }
}

async fn published(State(Casa(casa)): State<Casa>) -> Json<Value> {
    let inner = casa.lock().unwrap();
    let base = &inner.base;
    Json(json!({
        "issuer": inner.lie.issuer.as_ref().unwrap_or(base),
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [{
        "kty": "EC", "use": "sig", "alg": "ES256", "kid": "1", "crv": "P-256",
        "x": "QVYRDwjAD0Opein0LonLQ3qzfKvA4ZZmsnqdmVkMSYI", "y": "9cR3mAShEHUklYwYdwsSEWv3tzuPTPtGahVsTafbkOg",
    }] }))
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

fn fields(body: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// What the code was given out for, once, to whoever proves to be the one who asked.
fn redeem(inner: &mut Inner, form: &HashMap<String, String>) -> Option<HashMap<String, String>> {
    inner.asked += 1;
    let asked = inner.codes.remove(&form["code"])?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    (challenge == asked["code_challenge"] && form["redirect_uri"] == asked["redirect_uri"]).then_some(asked)
}

async fn token(State(Casa(casa)): State<Casa>, headers: HeaderMap, body: String) -> Response {
    let form = fields(&body);
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SEGREDO}")));
    let known = headers.get(header::AUTHORIZATION).is_some_and(|said| said.as_bytes() == basic.as_bytes());
    if !known {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let mut inner = casa.lock().unwrap();
    let Some(asked) = redeem(&mut inner, &form) else { return refuse("invalid_grant") };
    let now = kernel::Clock::system().now().timestamp();
    let mut claims = json!({
        "iss": inner.base, "aud": CLIENT, "sub": "subject-of-ana", "iat": now, "exp": now + 300,
        "nonce": asked["nonce"], "email": "ana.lima@senai.example", "email_verified": true,
    });
    if let Some(changed) = inner.lie.claims.as_object() {
        for (claim, value) in changed {
            claims[claim] = value.clone();
        }
    }
    Json(json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": signed(&claims, inner.lie.signed) }))
        .into_response()
}

fn signed(claims: &Value, how: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = |alg: Algorithm| Header { kid: Some("1".to_owned()), ..Header::new(alg) };
    match how {
        "none" => format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims)),
        "HS256" => {
            jsonwebtoken::encode(&header(Algorithm::HS256), claims, &EncodingKey::from_secret(SEGREDO.as_bytes())).unwrap()
        }
        _ => {
            let key = EncodingKey::from_ec_pem(include_bytes!("chave.pem")).unwrap();
            let text = jsonwebtoken::encode(&header(Algorithm::ES256), claims, &key).unwrap();
            // As of another key: what is signed is another text.
            if how == "other" { text.replacen('.', ".e30", 1) } else { text }
        }
    }
}

async fn access_token(State(Casa(casa)): State<Casa>, body: String) -> Response {
    let form = fields(&body);
    if (form["client_id"].as_str(), form["client_secret"].as_str()) != (CLIENT, SEGREDO) {
        return refuse("incorrect_client_credentials");
    }
    if redeem(&mut casa.lock().unwrap(), &form).is_none() {
        return refuse("invalid_grant");
    }
    Json(json!({ "access_token": "gho_a", "token_type": "bearer", "scope": "read:user,user:email" })).into_response()
}

fn is_bearer(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|said| said == "Bearer gho_a")
}

async fn user(headers: HeaderMap) -> Response {
    if is_bearer(&headers) {
        Json(json!({ "id": 4711, "login": "ana" })).into_response()
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

async fn emails(headers: HeaderMap) -> Response {
    let all = json!([
        { "email": "leo@senai.example", "primary": false, "verified": true },
        { "email": "ana.lima@senai.example", "primary": true, "verified": true },
    ]);
    if is_bearer(&headers) { Json(all).into_response() } else { StatusCode::FORBIDDEN.into_response() }
}
