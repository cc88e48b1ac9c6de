//! Several files at once: each is read in its turn, and then waits for a person.

use empresas::importacao::{self, IMPORTAR, ImportacaoId, LerError, descartar, enfileirar, reler};
use jobs::{Gates, Limits, Worker};
use kernel::Scope;
use tenancy::TenantTx;
use testkit::{Base, sistema};

use crate::support::{fixture, parser, pessoa};

fn worker(base: &Base) -> Worker {
    // The program of the tests cannot parse for itself.
    importacao::parse_with(parser().program);
    let gates = Gates { tenants: base.tenants.clone(), platform: base.platform.clone(), registry: base.registry.clone() };
    Worker::new(gates, (empresas::module().jobs)(), vec![], Limits::default()).unwrap()
}

async fn queued(base: &Base, name: &str, content: &[u8]) -> ImportacaoId {
    base.alfa(async |tx: &mut TenantTx| enfileirar(tx, &sistema(), name, content).await.unwrap()).await
}

async fn states_are(base: &Base, states: &str) -> bool {
    let schema = base.alfa.names().schema();
    let all = format!("(SELECT string_agg(state, ' ' ORDER BY file_name) FROM {schema}.importacao)");
    base.number(&format!("SELECT count(*) WHERE {all} = '{states}'")).await == 1
}

#[tokio::test]
async fn files_are_read_one_after_the_other_and_wait_where_somebody_has_to_act() {
    let base = Base::new().await;
    queued(&base, "1.xlsx", &std::fs::read(fixture("sujo_500.xlsx")).unwrap()).await;
    queued(&base, "2.csv", b"a;b\n1;2\n").await;
    queued(&base, "3.xlsx", b"\x7fELF\x00\x01\x02\x00\x00").await;
    let gone = queued(&base, "4.csv", b"cnpj;nome\n1;2\n").await;
    base.alfa(async |tx: &mut TenantTx| descartar(tx, &sistema(), gone).await.unwrap()).await;
    assert!(states_are(&base, "fila fila fila descartada").await);
    worker(&base).drain().await.unwrap();
    // Its columns are known; they are not; it is no spreadsheet; it was given up before its turn.
    assert!(states_are(&base, "previa colunas ilegivel descartada").await);
    let schema = base.alfa.names().schema();
    let rows = format!("SELECT (counts->>'rows')::bigint FROM {schema}.importacao WHERE file_name = '1.xlsx'");
    assert!(base.number(&rows).await > 400);
    let why = format!("SELECT count(*) FROM {schema}.importacao WHERE problem->>'code' = 'sheet-not-a-sheet'");
    assert_eq!(base.number(&why).await, 1);
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await, 0, "nothing is written");
}

/// A file whose reader died at the last attempt is told of, kept, and read once more when somebody asks.
#[tokio::test]
async fn a_file_that_killed_its_workers_may_be_tried_again() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Todas, &[IMPORTAR]).await;
    let content = b"cnpj;nome\n11222333000181;Um\n";
    let id = base.alfa(async |tx: &mut TenantTx| enfileirar(tx, &ana, "1.csv", content).await.unwrap()).await;
    base.execute("UPDATE platform.job SET attempts = max_attempts, last_error = 'the worker died while it ran'").await;
    worker(&base).drain().await.unwrap();
    assert!(states_are(&base, "ilegivel").await);
    let schema = base.alfa.names().schema();
    let kept =
        format!("SELECT count(*) FROM {schema}.importacao WHERE content IS NOT NULL AND problem->>'code' = 'sheet-unread'");
    assert_eq!(base.number(&kept).await, 1);
    let told = format!("SELECT count(*) FROM {schema}.notificacao WHERE key = 'importacao-notice-ilegivel'");
    assert_eq!(base.number(&told).await, 1);

    let narrow = pessoa(&base, "Bruno", Scope::Proprias, &[IMPORTAR]).await;
    let refused = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| reler(tx, &narrow, id).await).await;
    assert!(matches!(refused, Err(LerError::Denied(_))));
    let elsewhere = base.tenants.write(&base.beta, async |tx: &mut TenantTx| reler(tx, &sistema(), id).await).await;
    assert!(matches!(elsewhere, Err(LerError::NotFound)));
    base.alfa(async |tx: &mut TenantTx| reler(tx, &ana, id).await.unwrap()).await;
    let twice = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| reler(tx, &ana, id).await).await;
    assert!(matches!(twice, Err(LerError::Ended)), "it waits for its turn already");
    worker(&base).drain().await.unwrap();
    assert!(states_are(&base, "previa").await);
}

#[tokio::test]
async fn a_file_that_is_no_spreadsheet_is_not_read_again() {
    let base = Base::new().await;
    let id = queued(&base, "3.xlsx", b"\x7fELF\x00\x01\x02\x00\x00").await;
    worker(&base).drain().await.unwrap();
    let refused = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| reler(tx, &sistema(), id).await).await;
    assert!(matches!(refused, Err(LerError::Ended)));
}

#[tokio::test]
async fn to_send_several_takes_the_permission_to_import() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[IMPORTAR]).await;
    let refused = base.alfa(async |tx: &mut TenantTx| enfileirar(tx, &ana, "a.csv", b"a").await).await;
    assert!(matches!(refused, Err(importacao::ReceberError::Denied(_))));
}
