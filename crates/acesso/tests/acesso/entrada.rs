use acesso::{
    Segredo,
    entrada::{self, Entrada, EntradaError},
    sessao::NovaSessao,
};
use chrono::TimeDelta;
use kernel::{Actor, Grants};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, count, home, links, person};

async fn make(base: &Base, email: &str) -> Result<Segredo, EntradaError> {
    let links = links();
    let cmd = Entrada { nome: "Ana Lima".parse().unwrap(), email: email.parse().unwrap(), valid: TimeDelta::hours(1) };
    let work = async |tx: &mut TenantTx| entrada::one_time_entry(tx, &Actor::sistema(), &links, cmd).await;
    let link = base.tenants.write(&base.alfa, work).await?;
    let token = link.as_str().strip_prefix("https://alfa.sri.example/entrar/").unwrap();
    Ok(token.parse().unwrap())
}

async fn enter(base: &Base, token: &Segredo) -> Option<NovaSessao> {
    base.alfa(async |tx: &mut TenantTx| entrada::use_link(tx, &home(), token).await.unwrap()).await
}

#[tokio::test]
async fn a_link_lets_its_administrador_in_once() {
    let base = Base::new().await;
    let token = make(&base, ANA).await.unwrap();
    let before = base.fingerprint(&base.alfa).await;
    let shown = base.alfa(async |tx: &mut TenantTx| entrada::find_open(tx, &token).await.unwrap()).await;
    assert_eq!(shown.map(|shown| shown.email).as_deref(), Some(ANA));
    assert_eq!(base.fingerprint(&base.alfa).await, before, "looking changes nothing");

    let sessao = enter(&base, &token).await.unwrap();
    assert_eq!(actor(&base, &sessao).await.grants, Grants::everything());
    assert!(enter(&base, &token).await.is_none());
    assert_eq!((count(&base, "usuario").await, audited(&base, "acesso.entrada_criada").await), (1, 1));
    // V6.3.2: nobody has a password that somebody did not choose.
    assert_eq!(count(&base, "credencial").await, 0);
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_gets_in() {
    let base = Base::new().await;
    let token = make(&base, ANA).await.unwrap();
    let (one, two) = futures::join!(enter(&base, &token), enter(&base, &token));
    assert!(one.is_some() != two.is_some());
}

#[tokio::test]
async fn links_expire_and_newer_ones_replace_them() {
    let base = Base::new().await;
    let old = make(&base, ANA).await.unwrap();
    let new = make(&base, ANA).await.unwrap();
    assert!(enter(&base, &old).await.is_none());
    base.clock.advance(TimeDelta::hours(1));
    assert!(enter(&base, &new).await.is_none());
}

#[tokio::test]
async fn nobody_becomes_an_administrador_by_a_link() {
    let base = Base::new().await;
    person(&base, "Leitor", "leo@senai.example").await;
    assert!(matches!(make(&base, "leo@senai.example").await, Err(EntradaError::NotAdministrador)));
    assert_eq!(count(&base, "entrada").await, 0);
}
