use chrono::TimeDelta;
use documentos::documento::{excluir::excluir, lista};
use files::ArquivoId;
use jobs::{Gates, Limits, Worker};
use tenancy::TenantTx;
use testkit::sistema;
use uuid::Uuid;

use crate::{AURORA, House};

/// What a worker does in the nights until then.
async fn nights(house: &House, days: i64) {
    let base = &house.base;
    let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
    let worker =
        Worker::new(gates, documentos::handlers(&house.files), documentos::schedules().unwrap(), Limits::default()).unwrap();
    worker.tick().await.unwrap();
    base.clock.advance(TimeDelta::days(days));
    assert!(worker.tick().await.unwrap() > 0, "a sweep is due");
    worker.drain().await.unwrap();
    assert_eq!(base.number("SELECT count(*) FROM platform.job").await, 0, "every sweep went through");
}

/// Whatever a killed process leaves between the store and the table is found, and nothing else is touched.
#[tokio::test]
async fn what_nobody_took_is_collected_and_nothing_else() {
    let house = House::new().await;
    let (kept, content) = house.enviado(AURORA, "fica.txt", "fica").await;
    // Killed after the content was put, before a documento took it.
    let orphan = house.guardar("orfao.txt", "ninguem").await.unwrap();
    // Killed between the row and the content.
    let schema = house.base.alfa.names().schema();
    house
        .base
        .execute(&format!(
            "INSERT INTO {schema}.arquivo VALUES (gen_random_uuid(), 'txt', 9, '\\x00', false, now());
             UPDATE {schema}.arquivo_uso SET bytes = bytes + 9"
        ))
        .await;
    // A content that no row knows, and half of one.
    let folder = house.path().join(house.base.alfa.id.uuid().simple().to_string());
    std::fs::write(folder.join(Uuid::from_u128(7).to_string()), "sem linha").unwrap();
    assert_eq!((house.uso().await, house.on_disk()), ((20, 20), 3));

    nights(&house, 30).await;
    assert_eq!((house.uso().await, house.on_disk()), ((4, 4), 1));
    assert_eq!(house.content(&house.base.alfa, content).await.as_deref(), Some("fica"));
    assert_eq!(house.content(&house.base.alfa, orphan.id).await, None);
    let found = house.base.alfa(async |tx: &mut TenantTx| lista::find(tx, AURORA, kept).await).await.unwrap();
    assert_eq!(found.unwrap().nome.as_str(), "fica.txt");
    // Once more changes nothing.
    nights(&house, 1).await;
    assert_eq!((house.uso().await, house.on_disk()), ((4, 4), 1));
}

/// The lixeira keeps a documento with all its versões for 30 days.
#[tokio::test]
async fn the_lixeira_is_emptied_after_its_time() {
    let house = House::new().await;
    let (id, content) = house.enviado(AURORA, "velho.txt", "velho").await;
    house.base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), AURORA, id).await).await.unwrap();
    nights(&house, 29).await;
    assert_eq!(house.content(&house.base.alfa, content).await.as_deref(), Some("velho"));
    nights(&house, 2).await;
    assert_eq!((house.uso().await, house.on_disk()), ((0, 0), 0));
    let trashed = house.base.alfa(async |tx: &mut TenantTx| lista::trashed(tx, AURORA).await).await.unwrap();
    assert_eq!(trashed, []);
    let removed =
        format!("SELECT count(*) FROM {}.auditoria WHERE action = 'documento.removido'", house.base.alfa.names().schema());
    assert_eq!(house.base.number(&removed).await, 1);
    assert_eq!(house.content(&house.base.alfa, ArquivoId::new(Uuid::from_u128(1))).await, None);
}
