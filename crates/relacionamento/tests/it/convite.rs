//! What the letters of a visita put into calendars.

use kernel::Scope;
use relacionamento::visita::{
    Plano,
    alterar::{alterar, remarcar},
    desfecho::{cancelar, reabrir},
};
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{ALL, empresa, horario, pessoa, planned, plano};

/// How many letters there are to them of that method and version, with the hours of that many from now.
async fn letters(base: &Base, to: &str, method: &str, version: i32, hours: i64) -> i64 {
    let schema = base.alfa.names().schema();
    let begins = horario(hours).inicio_at.to_rfc3339();
    base.number(&format!(
        "SELECT count(*) FROM {schema}.mensagem WHERE recipient = '{to}@senai.example' AND compromisso->>'method' = '{method}'
             AND (compromisso->>'version')::integer = {version} AND (compromisso->>'inicio_at')::timestamptz = '{begins}'
             AND compromisso->>'local' = 'joinville, SC'"
    ))
    .await
}

/// Those who go, and those who do not go any more; whoever is only responsável for the empresa is told, and not expected.
#[tokio::test]
async fn a_visita_is_in_the_calendars_of_those_who_go() {
    let base = Base::new().await;
    let rui = pessoa(&base, "Rui", Scope::Todas, &ALL).await;
    let bia = pessoa(&base, "Bia", Scope::Todas, &ALL).await;
    let dono = pessoa(&base, "Dono", Scope::Todas, &ALL).await;
    let empresa = empresa(&base, 1, dono.id).await;
    let both = Plano { colegas: vec![bia.id.unwrap()], ..plano(&rui, horario(48)) };
    let id = planned(&base, empresa, &both).await;
    for who in ["rui", "bia"] {
        assert_eq!(letters(&base, who, "request", 1, 48).await, 1, "{who}");
    }
    base.alfa(async |tx: &mut TenantTx| remarcar(tx, &sistema(), id, 1, horario(72)).await).await.unwrap();
    assert_eq!(letters(&base, "bia", "request", 2, 72).await, 1);
    let alone = plano(&rui, horario(72));
    base.alfa(async |tx: &mut TenantTx| alterar(tx, &sistema(), id, 2, &alone).await).await.unwrap();
    assert_eq!(letters(&base, "bia", "cancel", 3, 72).await, 1, "she does not go any more");
    assert_eq!(letters(&base, "rui", "request", 3, 72).await, 1);
    let motivo = "Pediram".parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| cancelar(tx, &sistema(), id, 3, &motivo).await).await.unwrap();
    assert_eq!(letters(&base, "rui", "cancel", 4, 72).await, 1);
    base.alfa(async |tx: &mut TenantTx| reabrir(tx, &sistema(), id, 4).await).await.unwrap();
    assert_eq!(letters(&base, "rui", "request", 5, 72).await, 1);
    let schema = base.alfa.names().schema();
    let of =
        |who: &str, more: &str| format!("SELECT count(*) FROM {schema}.mensagem WHERE recipient = '{who}@senai.example' {more}");
    assert_eq!(base.number(&of("bia", "")).await, 3, "of what follows she hears nothing");
    assert_eq!(base.number(&of("dono", "")).await, 5);
    assert_eq!(base.number(&of("dono", "AND compromisso IS NOT NULL")).await, 0);
}
