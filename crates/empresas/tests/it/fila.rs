//! Several files at once: each is read in its turn, and then waits for a person.

use empresas::importacao::{self, IMPORTAR, ImportacaoId, descartar, enfileirar};
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

#[tokio::test]
async fn to_send_several_takes_the_permission_to_import() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[IMPORTAR]).await;
    let refused = base.alfa(async |tx: &mut TenantTx| enfileirar(tx, &ana, "a.csv", b"a").await).await;
    assert!(matches!(refused, Err(importacao::ReceberError::Denied(_))));
}
