//! What is said to a provedor, and what of its answer is believed. OpenID Connect is `openidconnect`'s work; GitHub speaks OAuth 2 and has an
//! API of its own for who somebody is.
//!
//! Nothing is kept between two conversations: what the provedor publishes of itself and its keys is asked for each time, so a key
//! that it takes back counts no more at once.

use std::time::Duration;

use axum::http;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Email;
use messaging::{
    Failure, Why,
    guard::{client, failed},
};
use openidconnect::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, IssuerUrl, JsonWebKeySet, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, TokenResponse as _, TokenUrl,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreRequestTokenError,
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::{Provedor, Tipo};
use crate::segredo::Segredo;

const CONNECT: Duration = Duration::from_secs(5);
/// One conversation: up to four questions.
const TOTAL: Duration = Duration::from_secs(20);
/// More than any of its answers needs.
const ANSWER_MAX: usize = 1 << 20;
/// The longest `sub` of OpenID Connect Core 1.0, section 2.
const SUBJECT_MAX: usize = 255;

/// By a key that only the provedor has; never `none`, never one by which our own segredo would sign.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Cliente = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointNotSet>;

/// One conversation with a provedor.
pub(super) struct Conversa<'a> {
    pub provedor: &'a Provedor,
    pub segredo: Option<SecretString>,
    /// Where it sends the browser back to.
    pub volta: &'a str,
    /// Whether it may stand in the inner network.
    pub internal: bool,
}

/// Who came back, by the word of the provedor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quem {
    pub subject: String,
    /// Only one that the provedor calls verified.
    pub email: Option<Email>,
}

/// What the browser's secret stands for in one part of the protocol: nobody who reads our tables or the provedor's addresses learns
/// the others.
pub(super) fn derived(cookie: &Segredo, part: &str) -> String {
    let hash = Sha256::new().chain_update(b"provedor-").chain_update(part).chain_update(b":").chain_update(cookie.reveal());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

fn broken(answer: impl ToString) -> Failure {
    Failure { why: Why::Broken, answer: answer.to_string() }
}

fn refused(answer: impl ToString) -> Failure {
    Failure { why: Why::Refused, answer: answer.to_string() }
}

impl Conversa<'_> {
    /// Where the browser is to go to.
    pub(super) async fn ida(&self, cookie: &Segredo) -> Result<String, Failure> {
        in_time(async {
            let cliente = self.cliente().await?;
            let verifier = PkceCodeVerifier::new(derived(cookie, "verifier"));
            let (state, nonce) = (derived(cookie, "state"), derived(cookie, "nonce"));
            let mut ask = cliente
                .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(state), || Nonce::new(nonce))
                .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
            let scopes: &[&str] = match (self.provedor.tipo, self.provedor.confia_email) {
                (Tipo::Github, true) => &["read:user", "user:email"],
                (Tipo::Github, false) => &["read:user"],
                _ => &["email"],
            };
            for scope in scopes {
                ask = ask.add_scope(Scope::new((*scope).to_owned()));
            }
            Ok(ask.url().0.to_string())
        })
        .await
    }

    /// Who came back with `code`.
    pub(super) async fn quem(&self, cookie: &Segredo, code: &str) -> Result<Quem, Failure> {
        in_time(async {
            let cliente = self.cliente().await?;
            let http = |request: HttpRequest| fetch(request, self.internal);
            let answer = cliente
                .exchange_code(AuthorizationCode::new(code.to_owned()))
                .set_pkce_verifier(PkceCodeVerifier::new(derived(cookie, "verifier")))
                .request_async(&http)
                .await
                .map_err(told)?;
            if self.provedor.tipo == Tipo::Github {
                return self.github(answer.access_token().secret()).await;
            }
            let token = answer.id_token().ok_or_else(|| refused("no ID token"))?;
            let verifier = cliente.id_token_verifier().set_allowed_algs(SIGNED_BY);
            let claims = token.claims(&verifier, &Nonce::new(derived(cookie, "nonce"))).map_err(refused)?;
            // Microsoft's has no such claim: its e-mails are those of the one directory that was named, whose administrator the unidade
            // trusts by switching this on.
            let verified = claims.email_verified().unwrap_or(self.provedor.tipo == Tipo::Microsoft);
            let email = claims.email().filter(|_| verified).and_then(|email| email.parse().ok());
            quem(claims.subject().as_str(), email)
        })
        .await
    }

    /// Whether it speaks as it should.
    pub(super) async fn provar(&self) -> Result<(), Failure> {
        in_time(async { self.cliente().await.map(drop) }).await
    }

    async fn cliente(&self) -> Result<Cliente, Failure> {
        let base = self.provedor.emissor.as_str();
        let (issuer, auth, token, keys, by_body) = if self.provedor.tipo == Tipo::Github {
            let at = |path: &str| format!("{base}/login/oauth/{path}");
            let auth = AuthUrl::new(at("authorize")).map_err(broken)?;
            let token = TokenUrl::new(at("access_token")).map_err(broken)?;
            (IssuerUrl::new(base.to_owned()).map_err(broken)?, auth, token, JsonWebKeySet::default(), true)
        } else {
            let issuer = IssuerUrl::new(base.to_owned()).map_err(broken)?;
            let http = |request: HttpRequest| fetch(request, self.internal);
            let said = CoreProviderMetadata::discover_async(issuer.clone(), &http).await.map_err(discovered)?;
            let token = said.token_endpoint().cloned().ok_or_else(|| refused("no token endpoint"))?;
            let takes = said.token_endpoint_auth_methods_supported();
            let by_body = takes.is_some_and(|takes| !takes.contains(&CoreClientAuthMethod::ClientSecretBasic));
            (issuer, said.authorization_endpoint().clone(), token, said.jwks().clone(), by_body)
        };
        let mut cliente = CoreClient::new(ClientId::new(self.provedor.client_id.clone()), issuer, keys);
        if let Some(segredo) = &self.segredo {
            cliente = cliente.set_client_secret(ClientSecret::new(segredo.expose_secret().to_owned()));
        }
        if by_body {
            cliente = cliente.set_auth_type(AuthType::RequestBody);
        }
        if self.provedor.tipo == Tipo::Github {
            cliente = cliente.disable_openid_scope();
        }
        let volta = RedirectUrl::new(self.volta.to_owned()).map_err(broken)?;
        Ok(cliente.set_auth_uri(auth).set_token_uri(token).set_redirect_uri(volta))
    }

    async fn github(&self, token: &str) -> Result<Quem, Failure> {
        #[derive(Deserialize)]
        struct User {
            id: u64,
        }
        #[derive(Deserialize)]
        struct Address {
            email: String,
            primary: bool,
            verified: bool,
        }
        let base = self.provedor.emissor.as_str();
        let api = if base == "https://github.com" { "https://api.github.com".to_owned() } else { format!("{base}/api/v3") };
        let user: User = self.ask(&format!("{api}/user"), token).await?;
        let mut email = None;
        if self.provedor.confia_email {
            let all: Vec<Address> = self.ask(&format!("{api}/user/emails"), token).await?;
            email = all.into_iter().find(|one| one.primary && one.verified).and_then(|one| one.email.parse().ok());
        }
        quem(&user.id.to_string(), email)
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, url: &str, token: &str) -> Result<T, Failure> {
        let request = http::Request::get(url)
            .header(http::header::ACCEPT, "application/vnd.github+json")
            .header(http::header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Vec::new())
            .map_err(broken)?;
        let response = fetch(request, self.internal).await.map_err(|Unanswered(failure)| failure)?;
        if !response.status().is_success() {
            return Err(refused(response.status()));
        }
        serde_json::from_slice(response.body()).map_err(refused)
    }
}

fn quem(subject: &str, email: Option<Email>) -> Result<Quem, Failure> {
    if subject.is_empty() || subject.len() > SUBJECT_MAX || subject.contains('\0') {
        return Err(refused("no subject"));
    }
    Ok(Quem { subject: subject.to_owned(), email })
}

async fn in_time<T>(talk: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let slow = || Failure { why: Why::Slow, answer: String::new() };
    tokio::time::timeout(TOTAL, talk).await.unwrap_or_else(|_| Err(slow()))
}

/// A question that nobody answered.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.answer)]
struct Unanswered(Failure);

async fn fetch(request: HttpRequest, internal: bool) -> Result<HttpResponse, Unanswered> {
    ask(request, internal).await.map_err(Unanswered)
}

/// One question, to where the address was found to lead and nowhere else; of an endless answer no more than it may have.
async fn ask(request: HttpRequest, internal: bool) -> Result<HttpResponse, Failure> {
    let (parts, body) = request.into_parts();
    let url: Url = parts.uri.to_string().parse().map_err(broken)?;
    let client = client(&url, internal, CONNECT).await?;
    let asked = client.request(parts.method, url).headers(parts.headers).body(body).send().await;
    let mut answer = asked.map_err(|error| failed(&error))?;
    let mut response = http::Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(&error))? {
        if bytes.len() + chunk.len() > ANSWER_MAX {
            return Err(refused("too long an answer"));
        }
        bytes.extend_from_slice(&chunk);
    }
    response.body(bytes).map_err(broken)
}

fn discovered(error: DiscoveryError<Unanswered>) -> Failure {
    match error {
        DiscoveryError::Request(Unanswered(failure)) => failure,
        other => refused(other),
    }
}

fn told(error: CoreRequestTokenError<Unanswered>) -> Failure {
    match error {
        CoreRequestTokenError::Request(Unanswered(failure)) => failure,
        CoreRequestTokenError::ServerResponse(said) => {
            let why = if said.error().as_ref() == "invalid_client" { Why::Login } else { Why::Refused };
            Failure { why, answer: said.to_string() }
        }
        other => refused(other),
    }
}
