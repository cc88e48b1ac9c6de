//! People with passwords, and the ways to look at what happened.

use std::{net::IpAddr, sync::Arc};

use acesso::{
    NovaSenha, Porteiro, Segredo, Senha,
    aparelho::Aparelhos,
    convite::{self, Convidar, ConvidarError, ConviteId},
    entrar::{Entrar, EntrarError, entrar},
    passo::Entrou,
    perfil,
    sessao::NovaSessao,
    usuario::UsuarioId,
};
use kernel::{Actor, RequestMeta};
use messaging::Links;
use sqlx::{AssertSqlSafe, Row};
use tenancy::{TenantTx, Unidade};
use testkit::Base;
use web::{Identity, SignedIn};

pub(crate) const SENHA: &str = "cavalo-bateria-grampo";
pub(crate) const ANA: &str = "ana.lima@senai.example";

pub(crate) fn links() -> Links {
    Links::new("https://sri.example", "console").unwrap()
}

/// A request from an address.
pub(crate) fn from(ip: &str) -> RequestMeta {
    RequestMeta { ip: Some(ip.parse::<IpAddr>().unwrap()), user_agent: Some("Firefox".into()), request_id: None }
}

pub(crate) fn home() -> RequestMeta {
    from("203.0.113.7")
}

/// Invites `email` with the perfil of that name.
pub(crate) async fn invite(base: &Base, actor: &Actor, perfil: &str, email: &str) -> Result<ConviteId, ConvidarError> {
    let (links, perfil) = (links(), perfil.to_owned());
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            let perfil = perfil::list(tx).await?.into_iter().find(|p| p.nome == perfil).unwrap().id;
            let cmd = Convidar { nome: "Ana Lima".parse().unwrap(), email: email.parse().unwrap(), perfil };
            convite::convidar(tx, actor, &links, cmd).await
        })
        .await
}

/// The secret in the newest mail to `email`.
pub(crate) async fn mailed_secret(base: &Base, email: &str) -> Segredo {
    let schema = base.alfa.names().schema();
    let text =
        text(base, &format!("SELECT body_text FROM {schema}.mensagem WHERE recipient = '{email}' ORDER BY id DESC LIMIT 1"))
            .await;
    let link =
        text.lines().find(|line| line.starts_with("https://alfa.sri.example/convite/")).unwrap_or_else(|| panic!("{text}"));
    link.rsplit('/').next().unwrap().parse().unwrap()
}

/// Somebody with that perfil and the password [`SENHA`], signed in.
pub(crate) async fn person(base: &Base, perfil: &str, email: &str) -> NovaSessao {
    invite(base, &Actor::sistema(), perfil, email).await.unwrap();
    let token = mailed_secret(base, email).await;
    let new = (None, Aparelhos::default());
    convite::aceitar(&base.tenants, &base.alfa, &home(), &token, Senha::typed(SENHA), new).await.unwrap().sessao().unwrap()
}

pub(crate) async fn sign_in(base: &Base, meta: &RequestMeta, email: &str, senha: &str) -> Result<NovaSessao, EntrarError> {
    let came = sign_in_at(base, meta, email, senha, Aparelhos::default()).await?;
    Ok(came.sessao().unwrap())
}

/// With what the browser says of itself.
pub(crate) async fn sign_in_at(
    base: &Base,
    meta: &RequestMeta,
    email: &str,
    senha: &str,
    aparelhos: Aparelhos,
) -> Result<Entrou, EntrarError> {
    let cmd = Entrar { email: email.to_owned(), senha: Senha::typed(senha), previous: None, aparelhos };
    entrar(&base.tenants, &base.alfa, meta, cmd).await
}

pub(crate) fn porteiro(base: &Base) -> Porteiro {
    Porteiro::new(base.config.master_key.clone(), base.platform.clone())
}

/// Who comes with that cookie.
pub(crate) async fn behind(base: &Base, unidade: &Arc<Unidade>, cookie: &str) -> Option<SignedIn> {
    let porteiro = porteiro(base);
    base.tenants.read(unidade, async |tx: &mut TenantTx| porteiro.by_session(tx, cookie).await).await.unwrap()
}

/// The actor behind a sessão that still stands.
pub(crate) async fn actor(base: &Base, sessao: &NovaSessao) -> Actor {
    behind(base, &base.alfa, &sessao.cookie.reveal()).await.unwrap().actor
}

pub(crate) fn id_of(actor: &Actor) -> UsuarioId {
    acesso::usuario::of(actor).unwrap()
}

pub(crate) async fn audited(base: &Base, action: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.auditoria WHERE action = '{action}'", base.alfa.names().schema())).await
}

pub(crate) async fn count(base: &Base, from: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{from}", base.alfa.names().schema())).await
}

#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
pub(crate) async fn text(base: &Base, sql: &str) -> String {
    sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut base.admin().await).await.unwrap().get(0)
}

#[test]
fn the_password_of_the_tests_may_be_chosen() {
    NovaSenha::choose(Senha::typed(SENHA), &[ANA]).unwrap();
}

/// The browser that was given these cookies.
pub(crate) fn browser(nova: &NovaSessao) -> Aparelhos {
    let set = nova.aparelho.as_ref().unwrap().to_str().unwrap().to_owned();
    let mut headers = axum::http::HeaderMap::new();
    headers.insert(axum::http::header::COOKIE, set.split(';').next().unwrap().parse().unwrap());
    Aparelhos::of(&headers)
}

/// Asks a second factor of that perfil, or does not.
pub(crate) async fn ask_of(base: &Base, perfil: &str, rule: &str) {
    base.execute(&format!("UPDATE {}.perfil SET segundo_fator = '{rule}' WHERE nome = '{perfil}'", base.alfa.names().schema()))
        .await;
}

/// What the app of that e-mail shows after `steps` more half minutes.
pub(crate) async fn app_code(base: &Base, email: &str, steps: i64) -> String {
    let schema = base.alfa.names().schema();
    let of = format!(
        "FROM {schema}.fator f JOIN {schema}.usuario u ON u.id = f.usuario_id WHERE u.email = '{email}' AND f.method = 'totp'"
    );
    let id = text(base, &format!("SELECT f.id::text {of}")).await;
    let sealed = text(base, &format!("SELECT encode(f.secret, 'hex') {of}")).await;
    let sealed = (0..sealed.len() / 2).map(|i| u8::from_str_radix(&sealed[2 * i..2 * i + 2], 16).unwrap()).collect();
    let secret = base.config.master_key.open(&format!("fator:{id}"), &tenancy::Sealed(sealed)).unwrap();
    let at = base.tenants.clock().now().timestamp() + 30 * steps;
    acesso::totp::build(&secret, "SRI", email).unwrap().generate(u64::try_from(at).unwrap()).to_string()
}

/// The code in the newest mail to that e-mail.
pub(crate) async fn mailed_code(base: &Base, email: &str) -> String {
    let schema = base.alfa.names().schema();
    let sql = format!("SELECT body_text FROM {schema}.mensagem WHERE recipient = '{email}' AND secret ORDER BY id DESC LIMIT 1");
    let text = text(base, &sql).await;
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// A worker that runs what acesso enqueued.
pub(crate) fn worker(base: &Base) -> jobs::Worker {
    let module = acesso::module();
    let gates = jobs::Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    jobs::Worker::new(gates, (module.jobs)(), Vec::new(), jobs::Limits::default()).unwrap()
}
