//! Where a CNPJ stands with the Receita Federal, beside its empresa.

use chrono::{DateTime, TimeDelta, Utc};
use empresas::{
    consulta::{
        Consultado, DadosCnpj, Endereco, SituacaoCadastral,
        situacao::{self, Anotada},
    },
    empresa::{Campo, EmpresaId, Known, alterar::alterar, excluir::excluir, lista},
};
use kernel::Cnpj;
use tenancy::TenantTx;
use testkit::Base;

use crate::support::{cadastro, registered};

fn cnpj(n: u32) -> Cnpj {
    Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap()
}

fn said(situacao: SituacaoCadastral, asked_at: DateTime<Utc>) -> Consultado {
    let dados = DadosCnpj {
        nome: "TECELAGEM SERRA LTDA".parse().unwrap(),
        nome_fantasia: None,
        situacao: Some(situacao),
        data_situacao: "2025-05-20".parse().ok(),
        data_fundacao: None,
        cnae: None,
        porte: None,
        email: None,
        telefone: None,
        endereco: Endereco::default(),
    };
    Consultado { dados: Some(dados), provedor: "receitaws".to_owned(), asked_at, dated_at: asked_at }
}

async fn anotar(base: &Base, id: EmpresaId, of: u32, said: &Consultado) -> bool {
    base.alfa(async |tx: &mut TenantTx| situacao::anotar(tx, &testkit::sistema(), id, cnpj(of), said).await.unwrap()).await
}

async fn found(base: &Base, id: EmpresaId) -> Option<Anotada> {
    base.alfa(async |tx: &mut TenantTx| situacao::find(tx, id).await.unwrap()).await
}

#[tokio::test]
async fn the_newest_that_was_said_stands_and_a_change_is_in_the_trail() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    assert_eq!(found(&base, id).await, None);
    let now = base.platform.clock().now();
    let trail = format!(
        "SELECT count(*) FROM {}.auditoria WHERE action = 'empresa.consultada' AND entity_id = '{id}'",
        base.alfa.names().schema()
    );
    for (situacao, at, written, told) in [
        (SituacaoCadastral::Ativa, now, true, 1),
        (SituacaoCadastral::Ativa, now + TimeDelta::days(1), true, 1),
        (SituacaoCadastral::Baixada, now + TimeDelta::days(2), true, 2),
        // An answer that was long on its way.
        (SituacaoCadastral::Suspensa, now + TimeDelta::days(1), false, 2),
    ] {
        assert_eq!(anotar(&base, id, 1, &said(situacao, at)).await, written, "{situacao:?}");
        assert_eq!(base.number(&trail).await, told, "{situacao:?}");
    }
    let stands = found(&base, id).await.unwrap();
    assert_eq!((stands.situacao, stands.asked_at), (SituacaoCadastral::Baixada, now + TimeDelta::days(2)));
    let version = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &testkit::sistema(), id).await.unwrap().unwrap().version);
    assert_eq!(version.await, 1, "nobody who edits it is disturbed");
}

#[tokio::test]
async fn what_was_said_of_one_cnpj_is_not_said_of_another() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    let now = base.platform.clock().now();
    assert!(!anotar(&base, id, 2, &said(SituacaoCadastral::Nula, now)).await, "another CNPJ");
    assert!(anotar(&base, id, 1, &said(SituacaoCadastral::Inapta, now)).await);
    let edit = async |n: u32, version: i32, nome: &str| {
        base.alfa(async |tx: &mut TenantTx| {
            let known = Known::load(tx).await.unwrap();
            alterar(tx, &testkit::sistema(), id, version, cadastro(&known, n, &[(Campo::Nome, nome)])).await.unwrap()
        })
        .await
    };
    let version = edit(1, 1, "Outro nome").await;
    assert_eq!(found(&base, id).await.unwrap().situacao, SituacaoCadastral::Inapta, "another name changes nothing");
    edit(3, version, "Outro nome").await;
    assert_eq!(found(&base, id).await, None);
}

#[tokio::test]
async fn lists_hear_of_what_was_said() {
    let base = Base::new().await;
    let ids = [registered(&base, 1, &[]).await, registered(&base, 2, &[]).await, registered(&base, 3, &[]).await];
    let now = base.platform.clock().now();
    anotar(&base, ids[0], 1, &said(SituacaoCadastral::Ativa, now)).await;
    anotar(&base, ids[1], 2, &said(SituacaoCadastral::Suspensa, now)).await;
    let listed = base
        .alfa(async |tx: &mut TenantTx| {
            let known = Known::load(tx).await.unwrap();
            let (filtro, page) = (lista::Filtro::default(), kernel::PageRequest::default());
            lista::list(tx, &testkit::sistema(), &known, &filtro, lista::Ordem::Cadastro, page).await.unwrap()
        })
        .await;
    let told: Vec<_> = listed.linhas.into_iter().map(|resumo| (resumo.id, resumo.receita)).collect();
    assert_eq!(told, [(ids[0], Some(SituacaoCadastral::Ativa)), (ids[1], Some(SituacaoCadastral::Suspensa)), (ids[2], None)]);

    base.alfa(async |tx: &mut TenantTx| excluir(tx, &testkit::sistema(), ids[2], Some(1)).await.unwrap()).await;
    assert!(!anotar(&base, ids[2], 3, &said(SituacaoCadastral::Baixada, now)).await, "the lixeira is left alone");
}
