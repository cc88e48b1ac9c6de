//! People with passwords, and the ways to look at what happened.

use std::{net::IpAddr, sync::Arc};

use acesso::{
    NovaSenha, Porteiro, Segredo, Senha,
    convite::{self, Convidar, ConvidarError, ConviteId},
    entrar::{Entrar, EntrarError, entrar},
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
    convite::aceitar(&base.tenants, &base.alfa, &home(), &token, Senha::typed(SENHA)).await.unwrap()
}

pub(crate) async fn sign_in(base: &Base, meta: &RequestMeta, email: &str, senha: &str) -> Result<NovaSessao, EntrarError> {
    let cmd = Entrar { email: email.to_owned(), senha: Senha::typed(senha), previous: None };
    entrar(&base.tenants, &base.alfa, meta, cmd).await
}

pub(crate) fn porteiro(base: &Base) -> Porteiro {
    Porteiro::new(base.config.master_key.clone())
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
